import { describe, expect, test } from "vitest";
import { findBuildContext } from "../../src/core/build-context.ts";
import { readDocument, type Document } from "../../src/core/document.ts";
import { repositoryOf, type Repository } from "../../src/core/repository.ts";
import { namedContexts } from "../../src/repo/context-evidence.ts";

/** The directories that some files name for a Dockerfile. */
function contextsOf(files: Readonly<Record<string, string>>, dockerfile = "build/Dockerfile") {
  return namedContexts(repositoryOf(files), dockerfile).map(({ directory }) => directory);
}

describe("a command that builds names its context", () => {
  const inMakefile = (recipe: string, dockerfile?: string) =>
    contextsOf({ Makefile: `image:\n\t${recipe}\n` }, dockerfile);

  test.each([
    ["docker build -f build/Dockerfile .", [""]],
    ["@docker build --file=./build/Dockerfile -t app:1 ./", [""]],
    ["docker build . -fbuild/Dockerfile", [""]],
    ["docker build build", ["build"]],
    ["docker image build -t app build/ > log 2>&1", ["build"]],
    [
      "sudo DOCKER_BUILDKIT=1 docker --context x buildx build --load --platform linux/arm64 -f build/Dockerfile app",
      ["app"],
    ],
    ["podman build -f build/Dockerfile", [""]],
    ["buildah bud --layers -f build/Dockerfile -t app .", [""]],
    [
      "/usr/bin/docker build --pull --no-cache -f build/Dockerfile --build-arg V=$(V) $(CONTEXT_OPTIONS) .",
      [""],
    ],
    ["bash -c 'cd build && docker build .'", ["build"]],
    ["ID=$$(docker build -q -f build/Dockerfile .)", [""]],
  ])("%s", (recipe, expected) => {
    expect(inMakefile(recipe)).toEqual(expected);
  });

  test.each([
    "docker build .",
    "docker build -f build/Dockerfile $(CONTEXT)",
    "docker build -f $(FILE) build",
    "docker build -f build/Dockerfile -",
    "docker build - < build/Dockerfile",
    "docker build -f build/Dockerfile https://github.com/a/b.git",
    "docker build -f build/Dockerfile ../..",
    "docker build -f build/Dockerfile /srv/app",
    "docker build -f build/Dockerfile . more",
    "docker build $(ARGUMENTS) build",
    "docker run -f build/Dockerfile .",
    "docker compose build",
    "echo docker build build",
    "# docker build build",
    "cd $(DIR) && docker build build",
  ])("not: %s", (recipe) => {
    expect(inMakefile(recipe)).toEqual([]);
  });

  test("and the file it is found in", () => {
    const repository = repositoryOf({
      Makefile: "FILE ?= build/Dockerfile\n\nimage:\n\tdocker build \\\n\t  -f $(FILE) \\\n\t  .\n",
    });
    expect(namedContexts(repository, "build/Dockerfile")).toEqual([
      {
        directory: "",
        evidence: { path: "Makefile", line: 4, text: "docker build \\" },
        isStated: false,
      },
    ]);
  });

  test("podman also looks for a Containerfile", () => {
    expect(inMakefile("podman build app", "app/Containerfile")).toEqual(["app"]);
    expect(inMakefile("docker build app", "app/Containerfile")).toEqual([]);
  });
});

describe("the directory a command runs in", () => {
  test("follows cd in a script, and out of a subshell again", () => {
    const script = [
      "#!/bin/bash",
      "set -e # don't stop",
      "(cd api && docker build .)",
      "pushd web",
      "docker build -t web .",
      "popd",
      "cd tools || exit 1",
      "if true; then",
      "  docker build .",
      "fi",
    ].join("\n");
    const directoryOf = (dockerfile: string) => contextsOf({ "build.sh": script }, dockerfile);
    expect(directoryOf("api/Dockerfile")).toEqual(["api"]);
    expect(directoryOf("web/Dockerfile")).toEqual(["web"]);
    expect(directoryOf("tools/Dockerfile")).toEqual(["tools"]);
  });

  test("begins anew in each line of a Makefile, but goes on behind a backslash", () => {
    const files = { Makefile: "all:\n\tcd api; \\\n\tdocker build .\n\tdocker build web\n" };
    expect(contextsOf(files, "api/Dockerfile")).toEqual(["api"]);
    expect(contextsOf(files, "web/Dockerfile")).toEqual(["web"]);
  });

  test.each([
    'cd "$(dirname "$0")/.."',
    "cd `dirname $0`/..",
    'cd "${0%/*}/.."',
    'cd "$(cd "$(dirname "${BASH_SOURCE[0]}")/.." >/dev/null 2>&1 && pwd)"',
    'ROOT="$(cd "$(dirname "$0")/.." && pwd -P)"\ncd "$ROOT"',
    "cd $(git rev-parse --show-toplevel)",
    'cd "$GITHUB_WORKSPACE"',
  ])("is known after %s", (line) => {
    const script = `${line}\ndocker build -f build/Dockerfile "$(pwd)"\n`;
    expect(contextsOf({ "scripts/image.sh": script })).toEqual([""]);
  });

  test("is the root or the script's own for a script of another directory", () => {
    const files = {
      "scripts/a.sh": "docker build -f build/Dockerfile .\n",
      "build/b.sh": "docker build -f Dockerfile ../app\n",
      "hack/build-image": "docker build -f ../build/Dockerfile ..\n",
    };
    expect(contextsOf(files).sort()).toEqual(["", "", "app"]);
  });

  test("stays in a variable that was set to it", () => {
    const script = "HERE=$(pwd)\ncd app\ndocker build -f $HERE/build/Dockerfile $HERE\n";
    expect(contextsOf({ "build.sh": script })).toEqual([""]);
    expect(
      contextsOf({
        Makefile: `HERE = $(CURDIR)\nall:\n\tcd app && docker build -f $(HERE)/build/Dockerfile "$(HERE)"\n`,
      }),
    ).toEqual([""]);
  });

  test.each([
    "$(dir $(abspath $(lastword $(MAKEFILE_LIST))))",
    "$(shell dirname $(realpath $(firstword $(MAKEFILE_LIST))))",
    "$(dir $(realpath $(MAKEFILE_LIST)))",
  ])("is a Makefile's own in %s", (written) => {
    const makefile = `ROOT := ${written}\nall:\n\tdocker build -f $(ROOT)/build/Dockerfile $(ROOT)/app\n`;
    expect(contextsOf({ Makefile: makefile })).toEqual(["app"]);
  });

  test("is not known behind a cd to a variable", () => {
    expect(
      contextsOf({ "build.sh": 'cd "$DIR"\ndocker build build\ncd ..\ndocker build build\n' }),
    ).toEqual([]);
  });

  test("is not known of a variable with two values", () => {
    const script = "if a; then C=.; else C=app; fi\ndocker build -f build/Dockerfile $C\n";
    expect(contextsOf({ "build.sh": script })).toEqual([]);
  });
});

describe("files that name a context", () => {
  test("compose files of the root, of usual directories, and beside the Dockerfile", () => {
    const compose = (context: string, file: string) =>
      `services:\n  app:\n    build: {context: ${context}, dockerfile: ${file}}\n`;
    expect(
      contextsOf(
        {
          "docker-compose.yml": compose(".", "services/api/Dockerfile"),
          "deploy/compose.yaml": compose("../services", "api/Dockerfile"),
          "services/compose.dev.yml": compose("api", "Dockerfile"),
          "services/api/docker-compose.yml": compose(".", "other.Dockerfile"),
        },
        "services/api/Dockerfile",
      ).sort(),
    ).toEqual(["", "services", "services/api"]);
  });

  const cases: readonly (readonly [string, string, string])[] = [
    [
      "steps of GitHub Actions",
      ".github/workflows/image.yml",
      "on: push\njobs:\n  image:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n          make\n          docker build --tag app:${{ github.sha }} -f build/Dockerfile ${{ github.workspace }}\n",
    ],
    [
      "steps with a working directory",
      ".github/workflows/image.yaml",
      "jobs:\n  image:\n    defaults:\n      run:\n        working-directory: build\n    steps:\n      - run: docker build -f Dockerfile ..\n      - working-directory: app\n        run: docker build .\n",
    ],
    [
      "docker/build-push-action",
      ".github/workflows/push.yml",
      "jobs:\n  push:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: ./build/Dockerfile\n          push: true\n",
    ],
    [
      "docker/build-push-action without a context",
      ".github/workflows/push.yml",
      "jobs:\n  push:\n    steps:\n      - uses: docker/build-push-action@0a97817b6ade9f46837855d676c4cca3a2471fc9\n        with: {file: build/Dockerfile}\n",
    ],
    [
      "GitLab CI",
      ".gitlab-ci.yml",
      'image: docker\nbuild:\n  before_script:\n    - cd build\n  script:\n    - docker build -t "$CI_REGISTRY_IMAGE" -f Dockerfile ..\n',
    ],
    [
      "kaniko in GitLab CI",
      ".gitlab-ci.yml",
      "build:\n  script:\n    - >-\n      /kaniko/executor --context $CI_PROJECT_DIR\n      --dockerfile $CI_PROJECT_DIR/build/Dockerfile --destination x\n",
    ],
    [
      "Travis CI",
      ".travis.yml",
      "language: go\nscript:\n- cd build\n- docker build .. -f Dockerfile\n",
    ],
    [
      "CircleCI",
      ".circleci/config.yml",
      "version: 2.1\njobs:\n  build:\n    steps:\n      - checkout\n      - run:\n          name: Image\n          working_directory: build\n          command: |\n            docker build \\\n              -f Dockerfile ..\n",
    ],
    [
      "Drone",
      ".drone.yml",
      "kind: pipeline\nsteps:\n- name: publish\n  image: plugins/docker\n  settings:\n    repo: a/b\n    dockerfile: build/Dockerfile\n---\nkind: secret\n",
    ],
    [
      "Azure Pipelines",
      "azure-pipelines.yml",
      "steps:\n- task: Docker@2\n  inputs:\n    command: build\n    Dockerfile: build/Dockerfile\n    buildContext: $(Build.SourcesDirectory)\n",
    ],
    [
      "a Jenkinsfile",
      "Jenkinsfile",
      "stage('x') {\n  steps {\n    dir('build') {\n      sh \"docker build -t ${name} -f Dockerfile ..\"\n    }\n  }\n}\n",
    ],
    [
      "docker.build in a Jenkinsfile",
      "Jenkinsfile",
      'def image = docker.build("app:${env.ID}", "-f build/Dockerfile .")\n',
    ],
    [
      "skaffold",
      "skaffold.yaml",
      "kind: Config\nbuild:\n  artifacts:\n  - image: app\n    docker:\n      dockerfile: build/Dockerfile\n",
    ],
    [
      "bake in HCL",
      "docker-bake.hcl",
      'group "default" { targets = ["app"] }\n\ntarget "app" {\n  context = "."\n  dockerfile = "build/Dockerfile"\n}\n',
    ],
    [
      "bake in JSON",
      "docker-bake.json",
      '{"target": {"app": {"dockerfile": "build/Dockerfile"}}}\n',
    ],
    [
      "a Taskfile",
      "Taskfile.yml",
      'version: "3"\ntasks:\n  image:\n    dir: build\n    cmds:\n      - cd app\n      - docker build -t {{ .IMAGE }} -f Dockerfile ..\n',
    ],
    [
      "Cloud Build",
      "cloudbuild.yaml",
      "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, gcr.io/$PROJECT_ID/app, -f, build/Dockerfile, .]\n",
    ],
    [
      "package.json",
      "package.json",
      '{\n\t"scripts": {\n\t\t"image": "cd build && docker build -f Dockerfile .."\n\t}\n}\n',
    ],
    [
      "a Makefile",
      "build/Makefile",
      "IMAGE := $(shell git rev-parse HEAD)\nROOT := $(CURDIR)/..\nimage:\n\tdocker build -t $(IMAGE) -f Dockerfile $(ROOT)\n",
    ],
  ];

  test.each(cases)("%s", (_what, path, text) => {
    expect(contextsOf({ [path]: text })).toEqual([""]);
  });

  test.each([
    [
      "a matrix",
      ".github/workflows/a.yml",
      "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: '${{ matrix.dir }}', file: build/Dockerfile}\n",
    ],
    ["another directory", "docs/build.sh", "docker build -f build/Dockerfile .\n"],
    ["no YAML", ".gitlab-ci.yml", "build:\n\tscript: docker build build\n"],
    [
      "an inherited context",
      "docker-bake.hcl",
      'target "a" {\n  inherits = ["b"]\n  dockerfile = "build/Dockerfile"\n}\n',
    ],
  ])("not: %s", (_what, path, text) => {
    expect(contextsOf({ [path]: text })).toEqual([]);
  });
});

describe("the build context", () => {
  const document = (lines: string): Document => {
    const read = readDocument(`FROM golang\n${lines}\n`);
    if ("problem" in read) throw new Error(read.problem);
    return read;
  };
  const modules = { "go.mod": "module a\n", "services/api/go.mod": "module b\n" };
  const found = (
    files: Readonly<Record<string, string>>,
    copies: string,
    path = "services/api/Dockerfile",
  ) =>
    findBuildContext(document(copies), repositoryOf({ ...files, [path]: "" }), path, namedContexts);

  test("is the named directory before the nearest one", () => {
    const command = "image:\n\tdocker build -f services/api/Dockerfile .\n";
    expect(found({ ...modules }, "COPY . .")).toBe("services/api");
    expect(found({ ...modules, Makefile: command }, "COPY . .")).toBe("");
  });

  test("is not a named directory that lacks what is copied", () => {
    const command = "image:\n\tdocker build -f services/api/Dockerfile .\n";
    expect(
      found({ ...modules, "services/api/main.go": "", Makefile: command }, "COPY main.go ."),
    ).toBe("services/api");
  });

  test("is the nearest one when files name several", () => {
    const command =
      "all:\n\tdocker build -f services/api/Dockerfile .\n\tcd services && docker build -f api/Dockerfile .\n";
    expect(found({ ...modules, Makefile: command }, "COPY . .")).toBe("services");
  });

  test("may be a directory that the Dockerfile does not stand in", () => {
    const command = "all:\n\tdocker build -f docker/Dockerfile app\n";
    const files = { Makefile: command, "app/go.mod": "", "docker/entry.sh": "" };
    expect(found(files, "COPY . .", "docker/Dockerfile")).toBe("app");
    expect(found(files, "COPY go.mod .", "docker/Dockerfile")).toBe("app");
  });

  test("is not looked up in files when only the Dockerfile's own directory can be it", () => {
    const asked: string[] = [];
    const finder = (_repository: Repository, path: string) => {
      asked.push(path);
      return [];
    };
    const files = repositoryOf({ "go.mod": "", "main.go": "", "api/go.mod": "", "api/own.go": "" });
    const contextOf = (copies: string, path: string) =>
      findBuildContext(document(copies), files, path, finder);
    expect(contextOf("COPY . .", "Dockerfile")).toBe("");
    expect(contextOf("COPY own.go .", "api/Dockerfile")).toBe("api");
    expect(asked).toEqual([]);
    expect(contextOf("COPY main.go .", "api/Dockerfile")).toBe("");
    expect(contextOf("COPY none.go .", "Dockerfile")).toBeUndefined();
    expect(contextOf("COPY go.mod .", "api/Dockerfile")).toBe("api");
    expect(asked).toEqual(["api/Dockerfile", "Dockerfile", "api/Dockerfile"]);
  });

  test("reads each file once for a repository", () => {
    const files = repositoryOf({
      Makefile: "a:\n\tdocker build -f a/Dockerfile .\n\tdocker build -f b/Dockerfile .\n",
    });
    const reads: string[] = [];
    const repository: Repository = {
      ...files,
      read: (path) => {
        reads.push(path);
        return files.read(path);
      },
    };
    expect(namedContexts(repository, "a/Dockerfile")).toHaveLength(1);
    expect(namedContexts(repository, "b/Dockerfile")).toHaveLength(1);
    expect(reads).toEqual(["Makefile"]);
  });
});
