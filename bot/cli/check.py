"""check: everything that a start needs, every problem at once, each with its remedy."""

import argparse

from bot.cli.shared import Commands, add_command


def add_parser(commands: Commands) -> None:
    add_command(commands, "check", "look for everything that would keep the bot from working", act)


def act(arguments: argparse.Namespace) -> int:
    from bot.cli.findings import look_at_everything  # torch: other commands need not wait for it

    findings = list(look_at_everything(arguments))
    for finding in findings:
        state = "doubt  " if finding.is_doubtful else "well   " if finding.is_well else "PROBLEM"
        print(f"{state}  {finding.subject}: {finding.message}")
        if finding.remedy:
            print(f"         {finding.remedy}")
    num_problems = sum(not finding.is_well for finding in findings)
    num_doubtful = sum(finding.is_doubtful for finding in findings)
    well = f"The bot can run, with {num_doubtful} in doubt." if num_doubtful else "All is well."
    print(f"{num_problems} to mend." if num_problems else well)
    return 0 if num_problems == 0 else 1
