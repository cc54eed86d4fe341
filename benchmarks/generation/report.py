"""The figures as tables for people."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.generation.graphs import graphs_table

_MEGA, _GIGA = 1e6, 1e9
_KERNELS = {
    "fp32": "fp32, torch",
    "torch_int8": "int8, torch",
    "onnxruntime_int8": "int8, onnxruntime",
    "int8": "int8, compiled here",
}


def show(report: dict[str, Any]) -> None:
    console = Console()
    console.print(_speeds(report))
    step, ceilings = report["step"], report["ceilings"]
    console.print(
        f"A step of {step['rows']} rows takes {step['milliseconds']:.2f} ms:"
        f" {step['products_per_s'] / _GIGA:.1f} billion products a second,"
        f" {step['share_of_int8_gemm']:.0%} of the {ceilings['int8_gemm'] / _GIGA:.1f} of an int8"
        f" matrix product alone (fp32: {ceilings['fp32_gemm'] / _GIGA:.1f})."
    )
    if arrivals := report.get("arrivals"):
        console.print(_arrivals(arrivals))
    if kernels := report.get("kernels"):
        console.print(_kernels(kernels))
    if graphs := report.get("graphs"):
        console.print(graphs_table(graphs))
    if quality := report.get("quality"):
        console.print(
            f"Bits per character on {quality['num_songs']} held-out songs:"
            f" {quality['bits_per_character_fast']:.4f} through the int8 step,"
            f" {quality['bits_per_character_fp32']:.4f} in fp32."
        )


def _speeds(report: dict[str, Any]) -> Table:
    machine = report["machine"]
    table = Table(
        title=f"Eight-line verses by {report['model']}, {report['engine']}",
        caption=f"{machine['processor']}, {machine['num_threads']} of"
        f" {machine['num_processors']} threads, torch {machine['torch']}",
    )
    headings = ("", "seconds", "tokens/s", "against the loop", "against nn.LSTM in batches")
    for heading in headings:
        table.add_column(heading, justify="right" if heading else "left")
    named = {"single": "one verse", **{f"concurrent_{n}": f"{n} at once" for n in (8, 64, 256)}}
    for key, name in named.items():
        figures = report[key]
        table.add_row(
            name,
            f"{figures['seconds']:.2f}",
            f"{figures['tokens_per_s']:,.0f}",
            f"{figures['ratio_to_loop']:.1f} times",
            f"{figures['ratio_to_batched']:.1f} times",
        )
    same = "" if report["loop"]["has_same_weights"] else " of the same sizes"
    loop, batched = report["loop"]["tokens_per_s"], report["batched"]
    table.add_row(f"nn.LSTM{same}, one after another", "", f"{loop:,.0f}", "", "")
    table.add_row(
        f"nn.LSTM{same}, {batched['rows']} in step", "", f"{batched['tokens_per_s']:,.0f}", "", ""
    )
    if gpt2 := report.get("gpt2"):
        for count, name in ((1, "alone"), (8, "8 in step")):
            rate, ratio = gpt2[f"batch_{count}_tokens_per_s"], gpt2[f"ratio_at_{count}"]
            note = f"the engine: {ratio:,.0f} times"
            table.add_row(
                f"GPT-2 {gpt2['num_weights'] / _MEGA:.0f}M, {name}", "", f"{rate:,.1f}", note, ""
            )
    return table


def _arrivals(arrivals: dict[str, dict[str, float]]) -> Table:
    table = Table("", "mean s", "p99 s", "verses/s", title="Mixed lengths, arriving at random")
    for name, figures in arrivals.items():
        values = (figures["mean_s"], figures["p99_s"], figures["verses_per_s"])
        table.add_row(name, *(f"{value:.2f}" for value in values))
    return table


def _kernels(kernels: list[dict[str, Any]]) -> Table:
    columns = [name for name in _KERNELS if name in kernels[0]]
    table = Table("vocabulary", "rows", title="One token, drawn, in microseconds")
    for name in columns:
        table.add_column(_KERNELS[name], justify="right")
    for row in kernels:
        numbers = (f"{row[name]:,.0f}" for name in columns)
        table.add_row(f"{row['vocab_size']:,}", str(row["rows"]), *numbers)
    return table
