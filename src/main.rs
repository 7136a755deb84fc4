//! The `loket` program: parse the command line, call [`loket::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    // rustls takes the process's provider; a second one installed by a library would be a bug.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("loket: another TLS provider is installed already");
        return ExitCode::FAILURE;
    }
    loket::cli::main()
}
