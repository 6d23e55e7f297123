import type { ParameterOperation, Redirection, SyntaxNode } from "unbash";

/** How a program that runs another one is told which. */
export interface Wrapper {
  /** It has a file of its own; `exec` and `command` are parts of the shell. */
  readonly isProgram: boolean;
  /**
   * Where the inner command is: behind the wrapper's options and operands, behind a `--`, between `-exec` and `;`,
   * or nowhere but in the text behind one of `textFlags`.
   */
  readonly inner: "operands" | "marker" | "exec" | "text";
  /** Options that take the next word. */
  readonly valueFlags: readonly string[];
  /** Options whose next word is a command line for a shell: `su -c "…"`. */
  readonly textFlags: readonly string[];
  /** Words between the options and the command: the 5 of `timeout 5 curl`. */
  readonly operands: number;
  /** `NAME=value` may stand in front of the command. */
  readonly takesAssignments: boolean;
  /** It joins its words and gives them to a shell, so that one word may be a whole command line. */
  readonly joinsWords: boolean;
}

const PLAIN: Wrapper = {
  isProgram: true,
  inner: "operands",
  valueFlags: [],
  textFlags: [],
  operands: 0,
  takesAssignments: false,
  joinsWords: false,
};

function flags(text: string): Wrapper {
  return { ...PLAIN, valueFlags: text.split(" ") };
}

const ONE_OPERAND: Wrapper = { ...PLAIN, operands: 1 };
const BEHIND_MARKER: Wrapper = { ...PLAIN, inner: "marker" };

/** By file name; the options are those of the manuals of coreutils, util-linux, findutils and of each project. */
export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map(
  Object.entries({
    exec: { ...flags("-a"), isProgram: false },
    command: { ...PLAIN, isProgram: false },
    builtin: { ...PLAIN, isProgram: false },
    env: { ...flags("-u --unset -C --chdir"), takesAssignments: true },
    nice: flags("-n --adjustment"),
    ionice: flags("-c -n --class --classdata"),
    chrt: ONE_OPERAND,
    taskset: ONE_OPERAND,
    nohup: PLAIN,
    time: flags("-f -o --format --output"),
    timeout: { ...flags("-s -k -t --signal --kill-after"), operands: 1 },
    setsid: PLAIN,
    stdbuf: flags("-i -o -e --input --output --error"),
    unbuffer: PLAIN,
    sudo: { ...flags("-u -g -h -p -C -D -R -T -U -r -t --user --group"), takesAssignments: true },
    doas: flags("-u -C"),
    gosu: ONE_OPERAND,
    "su-exec": ONE_OPERAND,
    chroot: ONE_OPERAND,
    setuidgid: ONE_OPERAND,
    "s6-setuidgid": ONE_OPERAND,
    chpst: flags("-u -U -b -/ -C -e -n -l -L -m -d -o -p -f -c -t -r"),
    capsh: { ...PLAIN, inner: "text", textFlags: ["-c"] },
    setpriv: flags(
      "--ruid --euid --reuid --rgid --egid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig --selinux-label --apparmor-profile",
    ),
    su: { ...PLAIN, inner: "text", textFlags: ["-c", "--command"] },
    runuser: {
      ...flags("-u -g -G -s --user --group --supp-group --shell"),
      textFlags: ["-c", "--command"],
    },
    script: { ...PLAIN, inner: "text", textFlags: ["-c", "--command"] },
    flock: {
      ...flags("-w -E --timeout --wait --conflict-exit-code"),
      textFlags: ["-c", "--command"],
      operands: 1,
    },
    "start-stop-daemon": {
      ...PLAIN,
      inner: "text",
      textFlags: ["-x", "-a", "--exec", "--startas"],
    },
    xargs: flags(
      "-I -n -P -L -d -s -a -E --replace --max-args --max-procs --max-lines --delimiter --max-chars --arg-file",
    ),
    find: { ...PLAIN, inner: "exec" },
    tini: flags("-p -e"),
    "tini-static": flags("-p -e"),
    "docker-init": flags("-p -e"),
    catatonit: PLAIN,
    "dumb-init": flags("-r --rewrite"),
    "wait-for-it": BEHIND_MARKER,
    "wait-for-it.sh": BEHIND_MARKER,
    wait_for_it: BEHIND_MARKER,
    "wait_for_it.sh": BEHIND_MARKER,
    "wait-for": BEHIND_MARKER,
    "wait-for.sh": BEHIND_MARKER,
    chamber: BEHIND_MARKER,
    "aws-vault": BEHIND_MARKER,
    doppler: BEHIND_MARKER,
    infisical: BEHIND_MARKER,
    dockerize: flags(
      "-wait -timeout -template -stdout -stderr -delims -env -wait-retry-interval -wait-http-header -exit-code",
    ),
    watch: { ...flags("-n --interval -q --equexit"), joinsWords: true },
    parallel: {
      ...flags("-j -P -n -N -I -a -S -L --jobs --max-args --arg-file --joblog --timeout"),
      joinsWords: true,
    },
    "ssh-agent": flags("-a -t -P -E -O"),
    "dbus-run-session": PLAIN,
    "xvfb-run": flags("-n -s -e -f -w --server-num --server-args --error-file"),
  } satisfies Record<string, Wrapper>),
);

/** Where GNU parallel's arguments begin. */
const ARGUMENT_SOURCES = new Set([":::", "::::", ":::+", "::::+"]);

/** A command line's word: `value` is `undefined` when it is computed. */
export interface CommandWord {
  readonly value: string | undefined;
  readonly text: string;
}

/** What a wrapper runs: its words from `from` up to `to`, or the text that is the word at `text`. */
export type InnerCommand =
  | { readonly kind: "words"; readonly from: number; readonly to: number }
  | { readonly kind: "text"; readonly at: number };

/** The commands that a wrapper's words say, the wrapper itself being the word at `at`. */
export function innerCommands(
  wrapper: Wrapper,
  words: readonly CommandWord[],
  at: number,
): InnerCommand[] {
  for (let index = at + 2; index < words.length; index++) {
    if (wrapper.textFlags.includes(words[index - 1]!.value ?? ""))
      return [{ kind: "text", at: index }];
  }
  switch (wrapper.inner) {
    case "text":
      return [];
    case "marker": {
      const marker = words.findIndex(({ value }, index) => index > at && value === "--");
      return marker < 0 ? [] : [{ kind: "words", from: marker + 1, to: words.length }];
    }
    case "exec":
      return foundCommands(words, at);
    case "operands":
      return [commandBehindOperands(wrapper, words, at)];
  }
}

/** `find … -exec cmd {} \;` and the like, as often as they occur. */
function foundCommands(words: readonly CommandWord[], at: number): InnerCommand[] {
  const found: InnerCommand[] = [];
  let from: number | undefined;
  for (let index = at + 1; index < words.length; index++) {
    const value = words[index]!.value ?? "";
    if (from === undefined) {
      if (/^-(?:exec|ok)(?:dir)?$/.test(value)) from = index + 1;
    } else if (value === ";" || value === "+") {
      found.push({ kind: "words", from, to: index });
      from = undefined;
    }
  }
  return found;
}

function commandBehindOperands(
  wrapper: Wrapper,
  words: readonly CommandWord[],
  at: number,
): InnerCommand {
  const { valueFlags, operands, takesAssignments, joinsWords } = wrapper;
  let from = at + 1;
  for (; words[from]?.value?.startsWith("-"); from++) {
    const flag = words[from]!.value!;
    if (flag === "--") {
      from++;
      break;
    }
    // In `-0n 1` the last letter takes the value; in `-n1` it is attached.
    const isBundle = /^-[^-]\w+$/.test(flag) && !valueFlags.includes(flag.slice(0, 2));
    if (valueFlags.includes(flag) || (isBundle && valueFlags.includes(`-${flag.at(-1)}`))) from++;
  }
  from += operands;
  while (takesAssignments && /^[A-Za-z_]\w*=/.test(words[from]?.text ?? "")) from++;
  if (joinsWords && /\s/.test(words[from]?.value ?? "")) return { kind: "text", at: from };
  const stop = joinsWords ? words.findIndex(({ value }) => ARGUMENT_SOURCES.has(value ?? "")) : -1;
  return { kind: "words", from, to: stop < 0 ? words.length : stop };
}

/** Shells that read the same language, near enough, for `-c "…"` to be followed. */
export const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "ksh", "mksh"]);

/** Where a shell's script is: the word at `at`, a file that a word names, or its standard input. */
export type ShellSource =
  | { readonly kind: "text"; readonly at: number }
  | { readonly kind: "file" }
  | { readonly kind: "input" };

/** What a shell that is the word at `at` reads. */
export function shellSource(words: readonly CommandWord[], at: number): ShellSource {
  let isText = false;
  let isInput = false;
  let next = at + 1;
  for (; /^[-+]./.test(words[next]?.value ?? ""); next++) {
    const flag = words[next]!.value!;
    if (flag === "--") {
      next++;
      break;
    }
    if (/^-[^-]*c/.test(flag)) isText = true;
    if (/^-[^-]*s/.test(flag)) isInput = true;
    if (/^(?:[-+][^-]*[oO]|--(?:rcfile|init-file))$/.test(flag)) next++;
  }
  if (isText) return { kind: "text", at: next };
  return words[next] && !isInput ? { kind: "file" } : { kind: "input" };
}

/** Commands that dash, busybox ash or bash runs by itself. */
export const BUILTINS: ReadonlySet<string> = new Set(
  (
    ": . [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown " +
    "echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile " +
    "popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true " +
    "type typeset ulimit umask unalias unset wait"
  ).split(" "),
);

/** A feature that goes beyond POSIX sh, and the smallest shell that has it. */
export interface DialectFeature {
  readonly what: string;
  readonly needs: "bash" | "ash";
}

interface CommandFeature extends DialectFeature {
  readonly programs: readonly string[];
  /** A word that makes the difference; without it the command itself does. */
  readonly word?: RegExp;
  readonly isFirst?: true;
}

/** Tried in dash 0.5.12, busybox 1.35 ash and bash 5.2. */
const COMMAND_FEATURES: readonly CommandFeature[] = [
  {
    what: "a builtin of bash",
    needs: "bash",
    programs: (
      "bind builtin caller compgen complete compopt declare dirs disown enable fc logout mapfile popd pushd " +
      "readarray shopt suspend typeset"
    ).split(" "),
  },
  { what: "source", needs: "ash", programs: ["source"] },
  { what: "let", needs: "ash", programs: ["let"] },
  { what: "== in a test", needs: "ash", programs: ["[", "test"], word: /^==$/ },
  { what: "test -v", needs: "bash", programs: ["[", "test"], word: /^-v$/, isFirst: true },
  { what: "echo -e", needs: "ash", programs: ["echo"], word: /^-[nE]*e[neE]*$/, isFirst: true },
  { what: "printf -v", needs: "bash", programs: ["printf"], word: /^-v$/, isFirst: true },
  { what: "printf %q", needs: "bash", programs: ["printf"], word: /%(?:q|\()/, isFirst: true },
  { what: "set -o pipefail", needs: "ash", programs: ["set"], word: /^pipefail$/ },
  { what: "set -T", needs: "bash", programs: ["set"], word: /^-[a-z]*T/, isFirst: true },
  { what: "trap ERR", needs: "ash", programs: ["trap"], word: /^ERR$/ },
  { what: "trap DEBUG", needs: "bash", programs: ["trap"], word: /^(?:DEBUG|RETURN)$/ },
  { what: "a signal's name with SIG", needs: "ash", programs: ["trap"], word: /^SIG[A-Z]+/ },
  { what: "a signal's name with SIG", needs: "ash", programs: ["kill"], word: /^-?SIG[A-Z]+/ },
  { what: "wait -n", needs: "ash", programs: ["wait"], word: /^-n$/, isFirst: true },
  { what: "read -a", needs: "bash", programs: ["read"], word: /^-[rs]*[aeiN]/ },
  { what: "read with a limit", needs: "ash", programs: ["read"], word: /^-r*[dnstu]/ },
  { what: "local with a flag", needs: "bash", programs: ["local"], word: /^-[a-zA-Z]/ },
  { what: "export -f", needs: "bash", programs: ["export"], word: /^-f$/ },
  { what: "export -n", needs: "ash", programs: ["export"], word: /^-n$/ },
  { what: "readonly with a flag", needs: "bash", programs: ["readonly"], word: /^-[aAf]/ },
  { what: "exec -a", needs: "ash", programs: ["exec"], word: /^-a$/, isFirst: true },
  { what: "exec -c", needs: "bash", programs: ["exec"], word: /^-[cl]/, isFirst: true },
  { what: "type with a flag", needs: "ash", programs: ["type"], word: /^-[aptP]/, isFirst: true },
];

/** Variables that a shell sets by itself. */
const BASH_VARIABLES =
  /^(?:BASH_(?!VERSION$)\w+|BASHPID|DIRSTACK|EUID|FUNCNAME|GROUPS|HOSTTYPE|MACHTYPE|OSTYPE|PIPESTATUS|SECONDS|UID)$/;
const ASH_VARIABLES = /^(?:RANDOM|EPOCHSECONDS|EPOCHREALTIME)$/;

/** What a command and its words have that dash lacks. */
export function commandDialect(
  program: string,
  words: readonly (string | undefined)[],
): DialectFeature[] {
  return COMMAND_FEATURES.filter(({ programs, word, isFirst }) => {
    if (!programs.includes(program)) return false;
    if (!word) return true;
    const asked = isFirst ? words.slice(0, 1) : words;
    return asked.some((value) => value !== undefined && word.test(value));
  }).map(({ what, needs }) => ({ needs, what: what === "a builtin of bash" ? program : what }));
}

/**
 * What a piece of syntax is that dash lacks, or `undefined`.
 *
 * @param source the text that the node's offsets count in
 */
export function syntaxDialect(node: SyntaxNode, source: string): DialectFeature | undefined {
  switch (node.type) {
    case "TestCommand":
      return ash("[[ … ]]");
    case "TestGroup":
      return bash("( … ) in [[ … ]]");
    case "TestUnary":
      return node.operator === "-v" || node.operator === "-R" ? bash("[[ -v … ]]") : undefined;
    case "TestBinary":
      return /^[<>]$/.test(node.operator) ? bash("< or > in [[ … ]]") : undefined;
    case "ArrayValue":
      return bash("an array");
    case "Assignment":
      if (node.index) return bash("an array");
      return node.append ? bash("+=") : undefined;
    case "Function":
      if (source.startsWith("function", node.pos)) return ash("function");
      return /^\w+$/.test(node.name.text) ? undefined : bash("a function's name with other signs");
    case "HereString":
      return bash("<<<");
    case "ProcessSubstitution":
      return ash(`${node.operator}( … )`);
    case "ArithmeticCommand":
      return bash("(( … ))");
    case "ArithmeticFor":
      return bash("for (( … ))");
    case "ArithmeticExpansion":
      return source.startsWith("$[", node.pos) ? bash("$[ … ]") : undefined;
    case "ArithmeticBinary":
      return node.operator === "**" || node.operator === "," ? ash(arithmetic(node)) : undefined;
    case "ArithmeticUnary":
      return /^(?:\+\+|--)$/.test(node.operator) ? ash(arithmetic(node)) : undefined;
    case "ArithmeticWord":
      return /^\d+#/.test(node.value) ? ash("a number's base in arithmetic") : undefined;
    case "Select":
      return bash("select");
    case "Coproc":
      return bash("coproc");
    case "CaseItem":
      return node.terminator?.endsWith("&") ? bash(`${node.terminator} in a case`) : undefined;
    case "Pipeline":
      return node.operators.includes("|&") ? bash("|&") : undefined;
    case "Time":
      return ash("time");
    case "AnsiCQuoted":
      return ash("$'…'");
    case "LocaleString":
      return bash('$"…"');
    case "BraceExpansion":
      return bash("{a,b}");
    case "ExtendedGlob":
      return bash(`${node.operator}( … ) in a pattern`);
    case "CommandExpansion":
      return isFileRead(node) ? bash("$(< file)") : undefined;
    case "ParameterExpansion":
      if (node.index) return bash("an array");
      if (node.prefix === "!") return bash("${!x}");
      return (
        operationDialect(node.operation, node.parameter) ??
        (node.operation?.type === "Default" ? undefined : variableDialect(node.parameter))
      );
    case "SimpleExpansion":
      return variableDialect(node.text.slice(1));
    case "Redirect":
      return redirectDialect(node);
    default:
      return undefined;
  }
}

function operationDialect(
  operation: ParameterOperation | undefined,
  parameter: string,
): DialectFeature | undefined {
  switch (operation?.type) {
    case "Replace":
      return operation.operator === "/" || operation.operator === "//"
        ? ash("${x/a/b}")
        : bash("${x/#a/b}");
    case "Slice":
      return parameter === "*" ? bash("${*:1}") : ash("${x:1:2}");
    case "CaseModification":
      return bash("${x^^}");
    case "Transform":
      return bash("${x@Q}");
    case "Names":
      return bash("${!x*}");
    case "Unknown":
      return bash("an unknown expansion");
    default:
      return undefined;
  }
}

function redirectDialect(node: Extract<Redirection, { type: "Redirect" }>) {
  if (node.descriptor?.type === "FileDescriptorVariable") return bash("{name}> file");
  if (/^\/dev\/(?:tcp|udp)\//.test(node.target?.value ?? "")) return bash("/dev/tcp");
  if (node.operator === "&>>") return bash("&>>");
  if (node.operator === "&>") return ash("&>");
  // `>&2` and `>&$fd` copy a descriptor.
  if (node.operator === ">&" && /^[^\d$-]/.test(node.target?.text ?? "")) return ash(">& file");
  return undefined;
}

function variableDialect(name: string): DialectFeature | undefined {
  if (BASH_VARIABLES.test(name)) return bash(`$${name}`);
  return ASH_VARIABLES.test(name) ? ash(`$${name}`) : undefined;
}

function isFileRead(node: Extract<SyntaxNode, { type: "CommandExpansion" }>): boolean {
  const [only, ...more] = node.script?.commands ?? [];
  if (only?.command.type !== "Command" || more.length > 0 || only.command.name) return false;
  const [redirect, ...others] = only.command.prefix;
  return others.length === 0 && redirect?.type === "Redirect" && redirect.operator === "<";
}

function arithmetic({ operator }: { readonly operator: string }): string {
  return `${operator} in arithmetic`;
}

function bash(what: string): DialectFeature {
  return { what, needs: "bash" };
}

function ash(what: string): DialectFeature {
  return { what, needs: "ash" };
}
