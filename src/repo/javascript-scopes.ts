import { unknownAt, valueAt, type JavaScriptValue, type Place } from "./javascript-values.ts";
import type { Node, Statement } from "./javascript-syntax.ts";
import { propertyName, type Writes } from "./javascript-writes.ts";

/** A file that is being read. */
export interface SourceFile {
  /** Relative to the repository's root, and its directory. */
  readonly path: string;
  readonly directory: string;
  readonly text: string;
  readonly top: Place;
  readonly writes: Writes;
  readonly reading: Reading;
}

/** What holds for all files that one configuration is made of. */
export interface Reading {
  readonly workingDirectory: string;
  depth: number;
  steps: number;
  readonly variableAt: (name: string, text: string, at: Place) => JavaScriptValue;
  readonly requiredBy: (file: SourceFile, request: string, at: Place) => JavaScriptValue;
}

export interface Scope {
  readonly file: SourceFile;
  readonly names: Map<string, Binding>;
  readonly outer: Scope | undefined;
}

/** What a name stands for: read when it is asked for. */
export interface Binding {
  readonly scope: Scope;
  /** The block that declares it. */
  readonly block: Node | undefined;
  readonly read: () => JavaScriptValue;
  known?: JavaScriptValue;
  /** It is being read: a name that leads to itself comes to nothing known. */
  isOpen: boolean;
}

/** Evaluates an expression: passed on, because it needs what is here. */
export type Evaluate = (node: Node | null | undefined, scope: Scope) => JavaScriptValue;

export function newScope(outer: Scope): Scope {
  return { file: outer.file, names: new Map(), outer };
}

export function bindingOf(scope: Scope, name: string): Binding | undefined {
  for (let inner: Scope | undefined = scope; inner; inner = inner.outer) {
    const found = inner.names.get(name);
    if (found) return found;
  }
  return undefined;
}

/** Declares the names of a block's statements. */
export function declare(
  statements: readonly Statement[],
  scope: Scope,
  block: Node,
  evaluate: Evaluate,
): void {
  for (const statement of statements) {
    const declaration =
      (statement.type === "ExportNamedDeclaration" && statement.declaration) || statement;
    if (declaration.type === "VariableDeclaration") {
      for (const { id, init } of declaration.declarations)
        bindPattern(id, () => evaluate(init, scope), scope, block, evaluate);
    } else if (
      (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") &&
      declaration.id
    )
      bind(declaration.id.name, () => evaluate(declaration, scope), scope, block);
    else if (declaration.type === "ImportDeclaration") declareImports(declaration, scope, block);
    else if (declaration.type === "TSEnumDeclaration")
      bind(declaration.id.name, () => unknownAt(scope.file.top), scope, block);
  }
}

function declareImports(
  declaration: Extract<Node, { type: "ImportDeclaration" }>,
  scope: Scope,
  block: Node,
): void {
  const at: Place = { ...scope.file.top, line: declaration.loc?.start.line ?? 1 };
  const whole = (): JavaScriptValue =>
    scope.file.reading.requiredBy(scope.file, declaration.source.value, at);
  for (const specifier of declaration.specifiers) {
    const name =
      specifier.type === "ImportSpecifier"
        ? specifier.imported.type === "Identifier"
          ? specifier.imported.name
          : specifier.imported.value
        : specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : undefined;
    bind(specifier.local.name, () => imported(whole(), name, at), scope, block);
  }
}

/** An export of a module. The default one of a module in CommonJS is all of it. */
function imported(module: JavaScriptValue, name: string | undefined, at: Place): JavaScriptValue {
  if (name === undefined) return module;
  if (module.kind === "reference")
    return {
      ...at,
      kind: "reference",
      module: module.module,
      name: name === "default" ? "" : name,
    };
  if (name === "default" && !(module.kind === "object" && module.entries.has("default")))
    return module;
  return valueAt(module, [name]) ?? { ...at, kind: "nothing" };
}

function bind(
  name: string,
  read: () => JavaScriptValue,
  scope: Scope,
  block: Node | undefined,
): void {
  scope.names.set(name, { scope, block, read, isOpen: false });
}

/** Declares the names of a parameter or of what stands left of `=`. */
export function bindPattern(
  pattern: Node,
  read: () => JavaScriptValue,
  scope: Scope,
  block: Node | undefined,
  evaluate: Evaluate,
): void {
  const at: Place = { ...scope.file.top, line: pattern.loc?.start.line ?? 1 };
  switch (pattern.type) {
    case "Identifier":
      return bind(pattern.name, read, scope, block);
    case "AssignmentPattern":
      return bindPattern(
        pattern.left,
        () => {
          const value = read();
          if (value.kind === "nothing") return evaluate(pattern.right, scope);
          return value.kind === "unknown"
            ? unknownAt(value, evaluate(pattern.right, scope))
            : value;
        },
        scope,
        block,
        evaluate,
      );
    case "ObjectPattern":
      for (const property of pattern.properties) {
        if (property.type === "RestElement") {
          bindPattern(property.argument, () => unknownAt(at), scope, block, evaluate);
          continue;
        }
        const name = propertyName(property);
        const below = (): JavaScriptValue => {
          const value = read();
          if (name === undefined) return unknownAt(at);
          if (value.kind === "reference")
            return {
              ...at,
              kind: "reference",
              module: value.module,
              name: value.name === "" ? name : `${value.name}/${name}`,
            };
          return valueAt(value, [name]) ?? { ...at, kind: "nothing" };
        };
        bindPattern(property.value, below, scope, block, evaluate);
      }
      return undefined;
    case "ArrayPattern":
      for (const element of pattern.elements)
        if (element) bindPattern(element, () => unknownAt(at), scope, block, evaluate);
      return undefined;
    default:
      return undefined;
  }
}

export function placeOf(node: Node, scope: Scope): Place {
  return {
    file: scope.file.path,
    line: node.loc?.start.line ?? 1,
    source: scope.file.text.slice(node.start ?? 0, node.end ?? 0),
  };
}
