use clap::CommandFactory;
use insta::assert_snapshot;

use super::*;

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

/// The help of every subcommand, as it is printed.
#[test]
fn helps_read_well() {
    fn collect(command: &mut clap::Command, path: &str, out: &mut Vec<String>) {
        out.push(format!("$ {path} --help\n{}", command.render_help()));
        let names: Vec<_> =
            command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
        for name in names {
            let inner = command.find_subcommand_mut(&name).unwrap();
            collect(inner, &format!("{path} {name}"), out);
        }
    }
    let mut command = Cli::command().term_width(100);
    command.build();
    let mut helps = Vec::new();
    collect(&mut command, "loket", &mut helps);
    assert_snapshot!("help", helps.join("\n"));
}

#[test]
fn a_wrong_call_names_what_is_wrong() {
    let said = |arguments: &[&str]| {
        let arguments = std::iter::once("loket").chain(arguments.iter().copied());
        Cli::try_parse_from(arguments).unwrap_err().to_string()
    };
    assert!(said(&["confg"]).contains("a similar subcommand exists: 'config'"));
    assert!(said(&["config", "check", "--jsn"]).contains("a similar argument exists: '--json'"));
}
