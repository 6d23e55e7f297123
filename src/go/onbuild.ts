import { parseImageReference } from "../core/base-images.ts";
import type { Document, Stage } from "../core/document.ts";
import type { ImageContract } from "../core/image-contract.ts";
import { baseName } from "../core/path.ts";
import type { BuildPlace } from "../stages/copy-sources.ts";

/**
 * What the triggers of golang's onbuild images do, written out, and the image without them. The variants ended with Go 1.9.
 * Source: https://github.com/docker-library/golang/blob/b2d6c7ed/1.8/onbuild/Dockerfile
 */
const TRIGGERS = ["WORKDIR /go/src/app", "COPY . .", "RUN go get -d -v", "RUN go install -v"];
const LAST_VERSION = "1.8";

/** The file with the triggers of its onbuild base written out behind FROM, and the number of lines that are new. */
export function withTriggers(
  document: Document,
  stage: Stage,
): { readonly source: string; readonly image: string; readonly lines: number } {
  const { source, lineEnd } = document;
  const { repository, tag } = parseImageReference(stage.image);
  const rest = tag.replace(/-?onbuild$/, "");
  const image = `${repository}:${rest === "" ? LAST_VERSION : rest}`;
  const { from, imageSpan } = stage;
  const hasStart = stage.instructions.some(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword));
  const isLower = source.slice(from.keywordSpan.start, from.keywordSpan.end) === "from";
  const inCase = (line: string): string =>
    isLower ? line.replace(/^[A-Z]+/, (keyword) => keyword.toLowerCase()) : line;
  const added = TRIGGERS.map(inCase);
  const start = hasStart ? "" : inCase('CMD ["go-wrapper", "run"]') + lineEnd;
  // FROM is one line as a rule; what follows begins on the line behind its end.
  const behind = document.lineStarts[from.endLine] ?? source.length;
  const head = source.slice(0, imageSpan.start) + image + source.slice(imageSpan.end, behind);
  const text = added.map((line) => line + lineEnd).join("");
  return {
    source: `${ended(head, lineEnd)}${start === "" ? text + source.slice(behind) : ended(text + source.slice(behind), lineEnd) + start}`,
    image,
    lines: added.length,
  };
}

function ended(text: string, lineEnd: string): string {
  return text === "" || text.endsWith("\n") ? text : text + lineEnd;
}

/**
 * `go-wrapper run` starts the program that is named for the working directory, for `.godir`, or for the import comment of
 * the main package. Source: https://github.com/docker-library/golang/blob/b2d6c7ed/1.8/go-wrapper
 */
export function goWrapperWords(
  words: readonly string[],
  { entrypoint, command, workingDirectory }: ImageContract,
  { repository, contextDirectory }: BuildPlace,
): readonly string[] | undefined {
  if (words[0] !== "go-wrapper" || words[1] !== "run" || workingDirectory === undefined)
    return undefined;
  if (entrypoint?.instruction && command?.instruction) return undefined;
  const inside = (name: string): string =>
    contextDirectory ? `${contextDirectory}/${name}` : name;
  const written =
    repository?.read(inside(".godir"))?.trim() ??
    (repository?.list(contextDirectory ?? "") ?? [])
      .filter(({ name }) => name.endsWith(".go"))
      .map(
        ({ name }) =>
          /^package main\s*\/\/ import "([^"]+)"/m.exec(repository!.read(inside(name)) ?? "")?.[1],
      )
      .find((path) => path !== undefined);
  return [baseName(written || workingDirectory), ...words.slice(2)];
}
