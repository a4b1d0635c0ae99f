//! Embeds the shipped dictionaries and policies, so that the binary serves without any file beside it.

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Writes `shipped.rs` to the build's output folder: two tables of folders, each with its files.
#[expect(clippy::print_stdout, reason = "a build script talks to cargo so")]
pub(crate) fn generate() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut code = String::new();
    for (table, folder) in [("DICTIONARIES", "dictionaries"), ("POLICIES", "policies")] {
        println!("cargo::rerun-if-changed={folder}");
        writeln!(code, "const {table}: Embedded = &[")?;
        for name in visible(&root.join(folder))? {
            writeln!(code, "    ({:?}, &[", format!("{folder}/{name}"))?;
            let inside = root.join(folder).join(&name);
            for file in visible(&inside)? {
                let path = inside.join(&file).into_os_string().into_string();
                let path = path.map_err(|path| format!("{} is not UTF-8", path.display()))?;
                writeln!(code, "        ({file:?}, include_bytes!({path:?})),")?;
            }
            writeln!(code, "    ]),")?;
        }
        writeln!(code, "];")?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("shipped.rs"), code)?;
    Ok(())
}

/// The names in a folder in order, without hidden files and editors' backups.
fn visible(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?
            .file_name()
            .into_string()
            .map_err(|name| format!("{} is not UTF-8", name.display()))?;
        if !name.starts_with('.') && !name.ends_with('~') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
