//! `frontdesk-cli`: the console without a window, for scripts, monitoring and tests.

mod args;
mod commands;
mod input;
mod output;

use std::process::ExitCode;

use clap::Parser;
use model::audit::Through;
use model::{Failure, Reason};

use args::Args;
use output::Output;

fn main() -> ExitCode {
    let args = Args::parse();
    let output = Output { is_json: args.json };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output.progress(&format!("frontdesk-cli cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let named = args.command.connection().map(str::to_owned);
    let code = runtime.block_on(async {
        match run(args, output).await {
            Ok(code) => code,
            Err(failure) => output.failure(&failure, named.as_deref()),
        }
    });
    // A keyring that hangs must not keep the caller: everything that matters is written by now.
    runtime.shutdown_background();
    code
}

async fn run(args: Args, output: Output) -> Result<ExitCode, Failure> {
    let dir = shell::data_dir(args.data_dir).ok_or_else(|| Failure::invalid(Reason::Missing, "--data-dir"))?;
    std::fs::create_dir_all(&dir)
        .map_err(|error| Failure::invalid(Reason::StoreBroken, format!("{}: {}", dir.display(), error.kind())))?;
    let log = shell::start_log(&dir);
    let opened = shell::open(&dir).await?;
    opened.console.acts_through(Through::CommandLine);
    if opened.cache_was_rebuilt {
        output.progress("The cache was broken or from a newer version. It is empty now and is read anew at the next sync; nothing of your own is lost.");
    }
    let code = commands::run(&opened.console, args.command, &dir, output).await;
    opened.console.leave().await;
    drop(log);
    code
}
