"""check: everything that a start needs, every problem at once, each with its remedy."""

import argparse

from bot.cli.shared import Commands, add_command


def add_parser(commands: Commands) -> None:
    add_command(commands, "check", "look for everything that would keep the bot from working", act)


def act(arguments: argparse.Namespace) -> int:
    from bot.cli.findings import look_at_everything  # torch: other commands need not wait for it

    findings = list(look_at_everything(arguments))
    for finding in findings:
        state = "well   " if finding.is_well else "PROBLEM"
        print(f"{state}  {finding.subject}: {finding.message}")
        if finding.remedy:
            print(f"         {finding.remedy}")
    num_problems = sum(not finding.is_well for finding in findings)
    print("All is well." if num_problems == 0 else f"{num_problems} to mend.")
    return 0 if num_problems == 0 else 1
