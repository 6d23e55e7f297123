import {
  commandLineOption,
  description,
  examples,
  exitCodes,
  optionGroups,
  transformGroup,
  transformOptions,
  usage,
} from "./options.ts";
import type { CommandLineOption } from "./options.ts";

/** The command line's page of the documentation, docs/cli.md. */
export function manual(): string {
  const parts = [
    "# The command line",
    "<!-- Made from src/cli/options.ts by test/cli/options.test.ts: npx vitest run test/cli/options.test.ts -u -->",
    `\`\`\`\nmsb-migrate ${usage}\nmsb-migrate explain [code]\nmsb-migrate list\n\`\`\``,
    description,
    "## Options",
  ];
  for (const { title, options } of optionGroups) {
    const all =
      title === transformGroup
        ? [...options, ...Object.values(transformOptions).map(commandLineOption)]
        : options;
    parts.push(`### ${title}`, table(["option", "meaning"], all.map(optionRow)));
  }
  parts.push(
    "## Examples",
    table(
      ["command", "what it does"],
      examples.map(({ command, meaning }) => [code(command), meaning]),
    ),
  );
  parts.push(
    "## Exit codes",
    table(
      ["code", "meaning"],
      exitCodes.map(({ code: exitCode, meaning }) => [String(exitCode), meaning]),
    ),
  );
  return `${parts.join("\n\n")}\n`;
}

function optionRow(option: CommandLineOption): [string, string] {
  const choices = option.choices ? ` (${option.choices.map(code).join(", ")})` : "";
  return [
    [option.flags, ...(option.aliases ?? [])].map(code).join(", "),
    option.description + choices,
  ];
}

function table(
  head: readonly [string, string],
  rows: readonly (readonly [string, string])[],
): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const all = [[...head], ...escaped];
  const widths = [0, 1].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [
    line(head),
    `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`,
    ...escaped.map(line),
  ].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
