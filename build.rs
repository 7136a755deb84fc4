//! Notices when the embedded web interface (frontend/dist) changed, and when it is missing.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let built = Path::new("frontend/dist/index.html").exists();
    // Cargo takes a missing path for changed each time; in a debug build, which reads the files
    // when it runs, that would be a rebuild for nothing.
    if release || built {
        println!("cargo::rerun-if-changed=frontend/dist");
    }
    if release && !built {
        println!(
            "cargo::warning=built without the web interface: run `npm ci && npm run build` in \
             frontend/ first, or use `make`"
        );
    }
}
