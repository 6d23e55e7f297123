import { childrenOf, type Node, type Statement } from "./javascript-syntax.ts";

/** What the code of a file changes after it was declared, found before anything of it is read. */
export interface Writes {
  /** Names that get another value later. */
  readonly reassigned: ReadonlySet<string>;
  /** Changes inside of an object or list, by the name that it is known under. */
  readonly inside: ReadonlyMap<string, readonly InnerWrite[]>;
}

export interface InnerWrite {
  /** The property that is written; `undefined` in it is one that cannot be told. */
  readonly path: readonly (string | undefined)[];
  /** What is put there; `undefined`: something else changes it. */
  readonly value: Node | undefined;
  /** The block whose own statement it is, `undefined` when it is done under some condition. */
  readonly block: Node | undefined;
}

/** Methods that leave their object as it is. Whatever else is called may change it. */
const READING =
  /^(?:map|filter|concat|slice|join|includes|indexOf|find|findIndex|forEach|some|every|reduce|flat|flatMap|entries|keys|values|toString|hasOwnProperty|trim|split|replace|replaceAll|startsWith|endsWith|toLowerCase|toUpperCase|substring|match|test|padStart|at|then|catch|log|warn|error|info|get|has)$/;

/** Finds all changes in a tree. Names are not told apart by scope: one that is changed anywhere counts as changed. */
export function findWrites(root: Node): Writes {
  const reassigned = new Set<string>();
  const inside = new Map<string, InnerWrite[]>();

  function note(target: Node, value: Node | undefined, block: Node | undefined): void {
    for (const name of assignedNames(target)) reassigned.add(name);
    const access = accessOf(target);
    if (access && access.path.length > 0) noteInside(access.name, access.path, value, block);
  }

  function noteInside(
    name: string,
    path: readonly (string | undefined)[],
    value: Node | undefined,
    block: Node | undefined,
  ): void {
    const known = inside.get(name) ?? [];
    inside.set(name, [...known, { path, value, block }]);
  }

  function visit(node: Node, block: Node | undefined): void {
    if (node.type === "AssignmentExpression")
      note(node.left, node.operator === "=" ? node.right : undefined, block);
    else if (node.type === "UpdateExpression") note(node.argument, undefined, undefined);
    else if (node.type === "UnaryExpression" && node.operator === "delete")
      note(node.argument, undefined, undefined);
    else if (node.type === "ForInStatement" || node.type === "ForOfStatement")
      note(node.left, undefined, undefined);
    else if (node.type === "CallExpression") noteCall(node);
    // `exports = module.exports = …` is one statement.
    const isChain = (child: Node): boolean =>
      node.type === "AssignmentExpression" && child.type === "AssignmentExpression";
    for (const child of childrenOf(node))
      visit(child, isChain(child) ? block : blockOf(node, child));
  }

  function noteCall(node: Extract<Node, { type: "CallExpression" }>): void {
    const access = accessOf(node.callee);
    const method = access?.path.at(-1);
    if (access && access.path.length > 0 && !(method !== undefined && READING.test(method)))
      noteInside(access.name, access.path.slice(0, -1), undefined, undefined);
    // `Object.assign(config, …)`, and everything else that gets the object for nothing but its effect.
    const isAssign = access?.name === "Object" && access.path[0] === "assign";
    if (!isAssign && !effects.has(node)) return;
    for (const argument of isAssign ? node.arguments.slice(0, 1) : node.arguments) {
      const given = accessOf(argument);
      if (given && access?.name !== "console")
        noteInside(given.name, given.path, undefined, undefined);
    }
  }

  const effects = new Set<Node>();
  collectEffects(root, effects);
  visit(root, undefined);
  return { reassigned, inside };
}

function collectEffects(node: Node, effects: Set<Node>): void {
  if (node.type === "ExpressionStatement") effects.add(node.expression);
  for (const child of childrenOf(node)) collectEffects(child, effects);
}

/** The block that an assignment in `child` is a plain statement of. */
function blockOf(parent: Node, child: Node): Node | undefined {
  if (parent.type === "ExpressionStatement" && child.type === "AssignmentExpression")
    return statementBlocks.get(parent);
  if ((parent.type === "Program" || parent.type === "BlockStatement") && isStatement(child))
    statementBlocks.set(child, parent);
  return undefined;
}

const statementBlocks = new WeakMap<Node, Node>();

function isStatement(node: Node): node is Statement {
  return node.type === "ExpressionStatement";
}

/** A name and the properties behind it: `config.output["path"]`. */
export function accessOf(
  node: Node,
): { readonly name: string; readonly path: readonly (string | undefined)[] } | undefined {
  if (node.type === "Identifier") return { name: node.name, path: [] };
  if (node.type === "TSNonNullExpression" || node.type === "TSAsExpression")
    return accessOf(node.expression);
  if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression")
    return undefined;
  const object = accessOf(node.object);
  return object && { name: object.name, path: [...object.path, propertyName(node)] };
}

/** The name of the property that a member expression or an object's property is about. */
export function propertyName(node: {
  readonly computed?: boolean | null;
  readonly property?: Node;
  readonly key?: Node;
}): string | undefined {
  const name = node.property ?? node.key;
  if (!name) return undefined;
  if (name.type === "Identifier") return node.computed ? undefined : name.name;
  if (name.type === "StringLiteral") return name.value;
  return name.type === "NumericLiteral" ? String(name.value) : undefined;
}

function assignedNames(target: Node): string[] {
  switch (target.type) {
    case "Identifier":
      return [target.name];
    case "ObjectPattern":
      return target.properties.flatMap((property) =>
        assignedNames(property.type === "RestElement" ? property.argument : property.value),
      );
    case "ArrayPattern":
      return target.elements.flatMap((element) => (element ? assignedNames(element) : []));
    case "AssignmentPattern":
      return assignedNames(target.left);
    default:
      return [];
  }
}
