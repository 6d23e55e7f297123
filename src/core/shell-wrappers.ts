/** Programs that run other programs, and how they are told which. */

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
