import { parse, parseExpression } from "@babel/parser";
import type { Expression, Node, Program } from "@babel/types";

/**
 * JavaScript, TypeScript and JSON with comments as syntax trees. The one module that knows the parser: whoever wants to pay for
 * it late loads this module late.
 */

export type {
  CallExpression,
  Expression,
  Function as FunctionNode,
  LVal,
  MemberExpression,
  NewExpression,
  Node,
  ObjectExpression,
  OptionalCallExpression,
  OptionalMemberExpression,
  Program,
  Statement,
} from "@babel/types";

/** In UTF-16 units. What is larger is no configuration that someone wrote. */
const LARGEST = 400_000;

/**
 * The parser and what walks its trees are recursive: what nests deeper than anyone writes is not read. Brackets, operators and
 * statements that nest to the right are counted before the text is parsed, everything else in the tree.
 */
const DEEPEST = 150;
const LONGEST_CHAIN = 500;
const DEEPEST_TREE = 800;

/** The tree of a module or script, or `undefined` when it cannot be read. */
export function parseProgram(text: string): Program | undefined {
  if (isTooLarge(text)) return undefined;
  for (const plugins of [
    ["typescript", "jsx", "decorators-legacy"] as const,
    ["typescript"] as const,
  ]) {
    try {
      const { program } = parse(text, {
        sourceType: "unambiguous",
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowUndeclaredExports: true,
        errorRecovery: false,
        plugins: [...plugins],
      });
      return isTooDeep(program) ? undefined : program;
    } catch {
      // With JSX, `<T>value` is an element that never ends: read again without.
    }
  }
  return undefined;
}

/** The tree of JSON, comments and trailing commas allowed; `undefined` when it is none. */
export function parseJson(text: string): Expression | undefined {
  if (isTooLarge(text)) return undefined;
  try {
    const expression = parseExpression(text.replace(/^\uFEFF/, " "));
    return isTooDeep(expression) ? undefined : expression;
  } catch {
    return undefined;
  }
}

function isTooLarge(text: string): boolean {
  if (text.length > LARGEST) return true;
  let depth = 0;
  let chain = 0;
  for (const [token] of text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, " ").matchAll(NESTING)) {
    if (token === "(" || token === "[" || token === "{") {
      if (++depth > DEEPEST) return true;
    } else if (token === ")" || token === "]" || token === "}") depth = Math.max(0, depth - 1);
    const ends = token === ";" || token === "," || token === "}" || token.startsWith("\n");
    chain = ends ? 0 : chain + 1;
    if (chain > LONGEST_CHAIN) return true;
  }
  return false;
}

const NESTING =
  /[()[\]{}?!~+\-*/&|=<>:.`;,]|\b(?:await|typeof|void|new|if|else|while|do|for|delete|yield)\b|\n\s*(?!(?:await|typeof|void|new|if|else|while|do|for|delete|yield)\b)[A-Za-z_$]/g;

/** Found without recursion. */
function isTooDeep(root: Node): boolean {
  let level: Node[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST_TREE) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

/** The nodes directly below one. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc" || key.endsWith("Comments") || key === "extra" || key === "errors") continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value as unknown])
      if (isNode(child)) found.push(child);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
