//! The `loket` program: parse the command line, call [`loket::cli`].

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// It takes a seventh off what a search costs, beside the C library's own, and gives memory back sooner. SQLite and zstd
/// take their memory from it as well.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // rustls takes the process's provider; a second one installed by a library would be a bug.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("loket: another TLS provider is installed already");
        return ExitCode::FAILURE;
    }
    loket::cli::main()
}
