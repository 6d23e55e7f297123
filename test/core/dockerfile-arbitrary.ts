import fc from "fast-check";

/** Texts that are Dockerfiles or nearly so: what the readers are tried on. */

const KEYWORDS = [
  "ADD",
  "ARG",
  "CMD",
  "COPY",
  "ENTRYPOINT",
  "ENV",
  "EXPOSE",
  "FROM",
  "HEALTHCHECK",
  "LABEL",
  "MAINTAINER",
  "ONBUILD",
  "RUN",
  "SHELL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
];

const WORDS = [
  "a",
  "b=c",
  "/x",
  "./y",
  "*.go",
  "8080",
  "A=$B",
  "C=${D:-e}",
  "${F}",
  "$G",
  "'h i'",
  '"j k"',
  "l\\ m",
  "n\\",
  "\\\\",
  "`",
  "'",
  '"',
  "#",
  "#c",
  "&&",
  "||",
  ";",
  "|",
  ">",
  "(",
  ")",
  "--from=a",
  "--x",
  "--",
  "-",
  "é",
  "\u00a0",
  "\u0085",
  "\u2028",
  "\ufeff",
  "\u3000",
  "😀",
  "\r",
  "\v",
  "\f",
  "\0",
  "=",
  "==",
  "AS",
  "as",
  "CMD",
  "NONE",
  "${",
  "${x^^}",
  "${x%y}",
  "${x:-z w}",
  "[",
  "]",
  '["a"]',
  '["a", "b c"]',
  "['a']",
  '["a",]',
  "[1]",
  "[]",
  "<<",
  "<<<x",
  "<<E",
  "<<-E",
  "<<'E'",
  '<<"E"',
  "3<<E",
  "a<<E",
  "'<<E'",
  '"x <<E"',
  "<<\\E",
  "<<E${x:-y}",
];

const DIRECTIVES = [
  "# syntax=docker/dockerfile:1",
  "#syntax = x",
  "# escape=`",
  "# ESCAPE=\\",
  "# escape=x",
  "# check=skip=all",
  "# foo=bar",
  "# comment",
  " # escape=`",
  "# escape=",
  "#\u00a0escape=`",
  "",
];

const word = fc.constantFrom(...WORDS);
const escape = fc.constantFrom("\\", "\\", "\\", "`");
const keyword = fc
  .tuple(
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(...KEYWORDS) },
      { weight: 1, arbitrary: fc.constantFrom("FOO", "//", "&&", "ONBUıLD", "RUN\u00a0x") },
    ),
    fc.nat(9),
  )
  .map(([name, form]) =>
    form === 0 ? name.toLowerCase() : form === 1 ? name[0] + name.slice(1).toLowerCase() : name,
  );

/** What stands between two words: blanks, or a continuation with comments and blank lines in it. */
const gap = fc
  .tuple(
    fc.nat(11),
    escape,
    fc.constantFrom("", "# c\n", "  # c `\n", "\n", " \t\n", "# c\n# d \\\n", "\\\n"),
    fc.constantFrom("", " ", "\t"),
  )
  .map(([form, token, between, blanks]) =>
    form < 7 ? " " : form === 7 ? "\t " : ` ${token}${blanks}\n${between}${blanks}`,
  );

const loose = fc
  .tuple(keyword, fc.array(fc.tuple(gap, word), { maxLength: 6 }))
  .map(([name, words]) => name + words.map(([before, text]) => before + text).join(""));

const VALID = [
  "FROM golang:1.22 AS build",
  "FROM scratch",
  "FROM --platform=$BUILDPLATFORM a",
  "ARG V",
  "ARG V=1 W",
  "ENV A=1 B='2 3'",
  "ENV A b c",
  'LABEL a="b"',
  "RUN go build",
  "RUN --mount=type=cache,target=/x go build",
  'RUN ["a", "b"]',
  "COPY . .",
  "COPY --from=build /a /b",
  'COPY ["a b", "/c"]',
  "ADD a b",
  "WORKDIR /app",
  "USER 1",
  "EXPOSE 80 81/udp",
  "VOLUME /d",
  'VOLUME ["/d"]',
  "STOPSIGNAL SIGINT",
  'SHELL ["/bin/bash", "-c"]',
  "HEALTHCHECK NONE",
  "HEALTHCHECK --interval=5s CMD curl x",
  "MAINTAINER me",
  "ONBUILD RUN a",
  'CMD ["a"]',
  "CMD a b",
  'ENTRYPOINT ["a"]',
];

const valid = fc
  .tuple(fc.constantFrom(...VALID), fc.nat(5), escape)
  .map(([text, form, token]) => (form === 0 ? text.replace(" ", ` ${token}\n  `) : text));

const heredoc = fc
  .tuple(
    fc.constantFrom(
      "RUN <<E",
      "RUN cat <<E > x",
      "RUN <<-E",
      "COPY <<E <<F /d/",
      "RUN 3<<'E' cat",
      "ONBUILD RUN <<E",
      "CMD <<E",
      "RUN << E",
      'RUN echo "x <<E"',
    ),
    fc.array(fc.constantFrom("x", "", "# c", "RUN y \\", "E ", "\tE", "F", " E", "<<E"), {
      maxLength: 3,
    }),
    fc.constantFrom("E", "E\nF", "\tE", ""),
  )
  .map(([opener, lines, end]) => [opener, ...lines, end].join("\n"));

const piece = fc.oneof(
  { weight: 10, arbitrary: valid },
  { weight: 5, arbitrary: loose },
  { weight: 2, arbitrary: heredoc },
  {
    weight: 3,
    arbitrary: fc.constantFrom("", "# c", "  # c", "\t", "#", "# d \\", "\\", " \\ ", "`"),
  },
);

export const dockerfile = fc
  .record({
    mark: fc.nat(9),
    directives: fc.array(fc.constantFrom(...DIRECTIVES), { maxLength: 3 }),
    useDirectives: fc.nat(2),
    from: fc.nat(9),
    pieces: fc.array(piece, { maxLength: 8 }),
    lineEnds: fc.nat(9),
    isOpen: fc.nat(3),
  })
  .map(({ mark, directives, useDirectives, from, pieces, lineEnds, isOpen }) => {
    const lines = [
      ...(useDirectives === 0 ? directives : []),
      ...(from > 0 ? ["FROM golang:1.22"] : []),
      ...pieces,
    ];
    let text = lines.join("\n") + (isOpen === 0 ? "" : "\n");
    if (lineEnds < 2) text = text.replace(/\n/g, "\r\n");
    else if (lineEnds === 2)
      text = text.replace(/\n/g, (_, at: number) => (at % 3 === 0 ? "\r\n" : "\n"));
    return (mark === 0 ? "\ufeff" : "") + text;
  });

/** Files that are read without a problem, as the plan builder gets them: comments, blank lines, here-documents, both line ends. */
export const plainDockerfile = fc
  .record({
    mark: fc.boolean(),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    isOpen: fc.boolean(),
    pieces: fc.array(
      fc.tuple(
        fc.constantFrom("", "", "\n", "# c\n", "# c\n# d\n", "# c\n\n", "\n\n# é\n"),
        fc.constantFrom(
          ...VALID.filter((text) => !text.startsWith("FROM")),
          "RUN a \\\n  # inner\n\n  b",
          "RUN <<EOF\nx\n\nEOF",
          "COPY <<a <<b /d/\n1\na\n2\nb",
        ),
      ),
      { minLength: 1, maxLength: 8 },
    ),
    tail: fc.constantFrom("", "", "\n", "\n# last"),
  })
  .map(({ mark, lineEnd, isOpen, pieces, tail }) => {
    const text =
      ["FROM golang:1.22", ...pieces.map(([before, line]) => before + line)].join("\n") +
      tail +
      (isOpen ? "" : "\n");
    return (mark ? "\ufeff" : "") + (lineEnd === "\n" ? text : text.replace(/\n/g, lineEnd));
  });
