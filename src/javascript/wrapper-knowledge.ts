/**
 * Programs of npm packages that run other commands, scripts of package.json or source files: data, read from each
 * program's own option parser.
 */

/** A program's options, names separated by blanks. */
export interface ProgramOptions {
  /** Options without a value. */
  readonly flags?: string;
  /** Options whose value is the next word, or stands behind `=`. */
  readonly values?: string;
  /** Options whose value is a module that is loaded first. */
  readonly required?: string;
  /** Options whose value is a file of environment variables. */
  readonly environmentFiles?: string;
  /** Options whose value is `NAME=value`. */
  readonly assignments?: string;
  /** Options whose value is a command line. */
  readonly texts?: string;
  /** Options whose value is the program that runs the file. */
  readonly runtimes?: string;
  /** Options whose value is a text of options for node. */
  readonly nodeOptions?: string;
  /** Options with which it does something that is not told here: `--help`, `--eval`, another directory. */
  readonly others?: string;
  /** What an option is that is in no list: without it, the command is not understood. */
  readonly unknown?: "flag" | "node";
}

/** Runs what stands behind its options, or what its options say. */
export interface CommandWrapper {
  readonly options: ProgramOptions;
  readonly operands: /** `cross-env A=b node x.js` */
    | "command"
    /** `concurrently "node a.js" "npm:b"` */
    | "texts"
    /** `run-s clean build` */
    | "scripts"
    /** `nodemon x.js`: a file that node runs */
    | "file"
    /** `pm2 start x`: a file, a program, or its own configuration */
    | "process"
    /** Nothing but what its options say. */
    | "none";
  /** `NAME=value` may stand in front of the command. */
  readonly takesAssignments?: boolean;
  /** The environment file that is read when no option names one. */
  readonly environmentFile?: string;
  /** It joins its words and gives them to a shell. */
  readonly joinsWords?: boolean;
  /** Words behind the options that change what the rest means. */
  readonly subcommands?: Readonly<Record<string, CommandWrapper>>;
}

/** Node's options that take a value as a word of its own; any other one is a flag. Source: `node --help`, versions 12 to 24. */
const NODE: ProgramOptions = {
  required: "-r --require --import --loader --experimental-loader",
  environmentFiles: "--env-file --env-file-if-exists",
  values: `-C --conditions --allow-fs-read --allow-fs-write --build-snapshot-config --cpu-prof-dir --cpu-prof-interval
    --cpu-prof-name --diagnostic-dir --disable-proto --disable-warning --dns-result-order
    --es-module-specifier-resolution --experimental-default-type --experimental-policy
    --experimental-specifier-resolution --heap-prof-dir --heap-prof-interval --heap-prof-name
    --heapsnapshot-near-heap-limit --heapsnapshot-signal --icu-data-dir --input-type --debug-port --inspect-port
    --inspect-publish-uid --localstorage-file --max-http-header-size
    --network-family-autoselection-attempt-timeout --openssl-config --policy-integrity --redirect-warnings
    --report-directory --report-dir --report-filename --report-signal --secure-heap --secure-heap-min
    --snapshot-blob --title --tls-cipher-list --tls-keylog --trace-event-categories --trace-event-file-pattern
    --trace-require-module --unhandled-rejections --use-largepages --v8-pool-size --watch-path`,
  others: `-e --eval -p --print -pe -c --check -i --interactive -h --help -v --version --v8-options --test --run
    --experimental-sea-config --build-snapshot --prof-process --completion-bash`,
  unknown: "flag",
};

/** Each option in camel case and with hyphens. Source: `parseArgv` of ts-node's dist/bin.js. */
const TS_NODE: ProgramOptions = {
  required: "-r --require",
  values: `--compiler -C --compilerOptions --compiler-options -O --project -P --ignoreDiagnostics
    --ignore-diagnostics -D --ignore -I --transpiler --scopeDir --scope-dir --experimentalSpecifierResolution
    --experimental-specifier-resolution`,
  flags: `--cwdMode --cwd-mode --scriptMode --script-mode -s --esm --files --transpileOnly --transpile-only -T --swc
    --typeCheck --type-check --compilerHost --compiler-host -H --pretty --skipProject --skip-project --skipIgnore
    --skip-ignore --preferTsExts --prefer-ts-exts --logError --log-error --emit --scope
    --noExperimentalReplAwait --no-experimental-repl-await`,
  others: `--cwd --dir -e --eval -p --print -i --interactive -h --help -v -vv --version --showConfig --show-config`,
};

/** Sources: `tsNodeFlags` and `devFlags` of ts-node-dev's lib/bin.js, node-dev's README. */
const TS_NODE_DEV: ProgramOptions = {
  required: "-r --require",
  values: `${TS_NODE.values} --deps-level --compile-timeout --ignore-watch --interval --debounce --watch
    --cache-directory --graceful_ipc --timestamp`,
  flags: `${TS_NODE.flags} --prefer-ts --deps --all-deps --dedupe --fork --no-fork --exec-check --debug --poll
    --respawn --notify --no-notify --tree-kill --clear --cls --exit-child --error-recompile --quiet --rs --vm
    --no-warnings`,
  others: "--dir",
};

/** Programs that run one source file, by their command, with their options. */
export const FILE_RUNTIMES: Readonly<Record<string, ProgramOptions>> = {
  node: NODE,
  nodejs: NODE,
  "ts-node": TS_NODE,
  "ts-node-esm": TS_NODE,
  "ts-node-cwd": TS_NODE,
  "ts-node-script": TS_NODE,
  "ts-script": TS_NODE,
  "ts-node-transpile-only": TS_NODE,
  "ts-node-dev": TS_NODE_DEV,
  tsnd: TS_NODE_DEV,
  "node-dev": TS_NODE_DEV,
  // `tsx --help`: its own options, and node's.
  tsx: {
    flags: "--no-cache --cache watch --clear-screen --no-clear-screen",
    values: "--tsconfig --include --exclude --ignore",
    unknown: "node",
  },
  // lib/program-setup.js of @babel/node
  "babel-node": {
    required: "-r --require",
    values:
      "-o --only -i --ignore -x --extensions --config-file --env-name --root-mode -w --plugins -b --presets",
    flags: "--no-babelrc -d -gc debug inspect",
    others: "-e --eval -p --print -h --help -V --version",
    unknown: "node",
  },
  // `vite-node --help`
  "vite-node": {
    values: "-c --config -m --mode --inspect-addr --options",
    flags: "-w --watch --inspect --inspect-brk --script",
    others: "-r --root -v --version -h --help",
  },
  // lib/jiti-cli.mjs: the first word is the file.
  jiti: {},
  esno: { flags: "--no-cache watch", values: "--tsconfig", unknown: "node" },
  coffee: { required: "-r --require", nodeOptions: "--nodejs" },
  "swc-node": { unknown: "node" },
};

/** Source: lib/binaries/CLI.js and Runtime4Docker.js of pm2; `[value]` takes the next word unless it begins with a dash. */
const PM2: ProgramOptions = {
  runtimes: "--interpreter",
  nodeOptions: "--node-args --interpreter-args",
  values: `--ext -n --name -o --output -e --error -l --log --filter-env --log-type --log-date-format --env -i
    --instances --parallel -p --pid -k --kill-timeout --listen-timeout --max-memory-restart --restart-delay
    --exp-backoff-restart-delay --max-restarts -u --user --uid --gid --namespace --hp --service-name -c --cron
    --cron-restart --only --ignore-watch --watch-delay --stop-exit-codes --sort --secret --public --machine-name
    --delay --web`,
  flags: `-s --silent -m --mini-list --time --disable-logs -a --update-env -f --force --shutdown-with-message
    --wait-ip -w --write --no-daemon --source-map-support --disable-source-map-support --wait-ready --merge-logs
    --watch --no-color --no-vizion --no-autostart --no-autorestart --no-treekill --no-pmx --no-automation --trace
    --disable-trace --attach --v8 --event-loop-inspector --deep-monitoring --format --raw --formatted --json
    --auto-exit --no-auto-exit`,
  others: "--cwd -x --execute-command -h --help -v --version -V",
};
const PM2_START: CommandWrapper = { options: PM2, operands: "process" };

/** Source: lib/forever/cli.js of forever. */
const FOREVER: CommandWrapper = {
  options: {
    runtimes: "-c --command",
    values: `-m --max -l --logFile -o --outFile -e --errFile -p --path -n --number --pidFile -u --uid --minUptime
      --spinSleepTime --watchDirectory --watchIgnore --killSignal`,
    flags: `-a --append -f --fifo --colors --no-colors --plain -d --debug -v --verbose -s --silent -w --watch -t
      --killTree`,
    others: "--sourceDir --workingDir -h --help --version",
  },
  operands: "process",
};

/** Source: bin/*\/help.js of npm-run-all, which npm-run-all2 goes on. */
const RUN_SCRIPTS: CommandWrapper = {
  options: {
    values: "--max-parallel --npm-path",
    flags: `--aggregate-output -c --continue-on-error -l --print-label -n --print-name -p --parallel -P -r --race -s -S
      --sequential --serial --silent --color --no-color --node-run`,
    others: "-h --help -v --version",
  },
  operands: "scripts",
};

/** Source: `concurrently --help`, version 9. */
const CONCURRENTLY: CommandWrapper = {
  options: {
    values: `-m --max-processes -n --names --name-separator -s --success --hide -p --prefix -c --prefix-colors -l
      --prefix-length -t --timestamp-format --default-input-target --kill-signal --ks --kill-timeout
      --restart-tries --restart-after`,
    texts: "--teardown",
    flags: `-r --raw --no-color --color -g --group --timings --pad-prefix -i --handle-input -k --kill-others
      --kill-others-on-fail --allow-restart`,
    others: "-P --passthrough-arguments -h --help -v -V --version",
  },
  operands: "texts",
};

export const COMMAND_WRAPPERS: Readonly<Record<string, CommandWrapper>> = {
  // dist/index.js of cross-env: the first word that is no assignment begins the command; it has no options.
  "cross-env": { options: {}, operands: "command", takesAssignments: true },
  "cross-env-shell": {
    options: {},
    operands: "command",
    takesAssignments: true,
    joinsWords: true,
  },
  // lib/parse-args.js of env-cmd; up to version 8 the first operand was the file, which `unwrapCommand` sees by its name.
  "env-cmd": {
    options: {
      environmentFiles: "-f --file",
      values: "-e --environments -r --rc-file",
      flags: "-x --expand-envs --recursive --fallback --no-override --silent --verbose",
      others: "--use-shell -h --help -v --version",
    },
    operands: "command",
    environmentFile: ".env",
  },
  // cli.js of dotenv-cli
  dotenv: {
    options: {
      environmentFiles: "-e",
      assignments: "-v",
      values: "-c",
      flags: "--quiet -q --no-expand -o --override",
      others: "--help --debug -p",
    },
    operands: "command",
    environmentFile: ".env",
  },
  // `dotenvx --help`, `dotenvx run --help`
  dotenvx: {
    options: {
      flags: "-q --quiet -v --verbose -d --debug",
      values: "-l --log-level",
      others: "-h --help -V --version",
    },
    operands: "none",
    subcommands: {
      run: {
        options: {
          environmentFiles: "-f --file --env-file",
          assignments: "-e --env",
          values:
            "-fk --env-keys-file -fv --env-vault-file --convention --ignore --profile --token",
          flags: `-o --overload --strict --redact --no-armor --no-native --no-ops --no-1password --no-bitwarden -q
            --quiet -v --verbose -d --debug`,
          others: "--mask -h --help",
        },
        operands: "command",
        environmentFile: ".env",
      },
    },
  },
  // https://docs.doppler.com/docs/cli
  doppler: {
    options: {},
    operands: "none",
    subcommands: {
      run: {
        options: {
          texts: "--command",
          values: `-c --config -p --project -t --token --fallback --passphrase --mount --mount-format --mount-template
            --name-transformer --only-secrets --scope --config-dir --api-host --dashboard-host --timeout`,
          flags: `--fallback-only --fallback-readonly --no-fallback --no-cache --no-exit-on-write-failure
            --forward-signals --watch --silent --print-config --debug --no-check-version --preserve-env`,
          others: "-h --help",
        },
        operands: "command",
      },
    },
  },
  // https://infisical.com/docs/cli/commands/run
  infisical: {
    options: {},
    operands: "none",
    subcommands: {
      run: {
        options: {
          texts: "-c --command",
          values:
            "-e --env --path --projectId --token -t --tags --domain --template --include-imports --project-config-dir",
          flags: "--expand --recursive --secret-overriding --watch --silent",
          others: "-h --help",
        },
        operands: "command",
      },
    },
  },

  "run-s": RUN_SCRIPTS,
  "run-p": RUN_SCRIPTS,
  "npm-run-all": RUN_SCRIPTS,
  "npm-run-all2": RUN_SCRIPTS,
  concurrently: CONCURRENTLY,
  conc: CONCURRENTLY,

  // lib/cli/parse.js of nodemon
  nodemon: {
    options: {
      texts: "--exec -x",
      values: "--polling-interval -P --watch -w --ignore -i --delay -d --ext -e --signal -s",
      flags: `--no-update-notifier --spawn --verbose -V --legacy-watch -L --js --quiet -q --exitcrash --no-stdin -I
        --on-change-only -C --no-colours --no-colors`,
      others: "--cwd --config --dump --help -h -? --version -v",
      unknown: "node",
    },
    operands: "file",
  },
  // lib/supervisor.js of supervisor
  supervisor: {
    options: {
      runtimes: "-x --exec",
      values: "-w --watch -i --ignore -p --poll-interval -e --extensions -n --no-restart-on",
      flags: `-V --verbose -q --quiet -k --instant-kill -t --non-interactive -s --timestamp --inspect --harmony --debug
        -RV --restart-verbose --force-watch --force-sync`,
      others: "-h --help -?",
    },
    operands: "file",
  },
  "pm2-runtime": { ...PM2_START, subcommands: { start: PM2_START } },
  "pm2-docker": { ...PM2_START, subcommands: { start: PM2_START } },
  "pm2-dev": { ...PM2_START, subcommands: { start: PM2_START, run: PM2_START } },
  pm2: {
    options: PM2,
    operands: "none",
    subcommands: { start: PM2_START, startOrRestart: PM2_START, startOrReload: PM2_START },
  },
  forever: { ...FOREVER, subcommands: { start: FOREVER } },
};
