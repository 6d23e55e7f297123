import { added, calledValue, methodValue, operatedValue } from "./javascript-calls.ts";
import { functionValue, invoke } from "./javascript-functions.ts";
import { bindingOf, placeOf, type Binding, type Scope } from "./javascript-scopes.ts";
import type { Expression, Node, ObjectExpression } from "./javascript-syntax.ts";
import {
  eitherOf,
  isTruthy,
  overlaid,
  unknownAt,
  valueAt,
  withValueAt,
  type JavaScriptValue,
  type ObjectValue,
  type Place,
  type ReferenceValue,
} from "./javascript-values.ts";
import { propertyName } from "./javascript-writes.ts";

/** Calls within calls, and names that lead to names. */
const DEEPEST = 60;

/** Functions that call functions: what takes longer is not told. */
const MOST_STEPS = 30_000;

/** What an expression comes to, as far as its text says. */
export function evaluate(node: Node | null | undefined, scope: Scope): JavaScriptValue {
  if (!node) return { ...scope.file.top, kind: "nothing" };
  const at = placeOf(node, scope);
  const { reading } = scope.file;
  if (reading.depth >= DEEPEST || reading.steps >= MOST_STEPS) return unknownAt(at);
  reading.depth++;
  reading.steps++;
  try {
    return evaluateNode(node, scope, at);
  } finally {
    reading.depth--;
  }
}

function evaluateNode(node: Node, scope: Scope, at: Place): JavaScriptValue {
  switch (node.type) {
    case "StringLiteral":
    case "DirectiveLiteral":
      return { ...at, kind: "text", text: node.value };
    case "NumericLiteral":
      return { ...at, kind: "number", number: node.value };
    case "BooleanLiteral":
      return { ...at, kind: "boolean", boolean: node.value };
    case "NullLiteral":
      return { ...at, kind: "nothing" };
    case "TemplateLiteral":
      return templateValue(node, scope, at);
    case "ObjectExpression":
      return objectValue(node, scope, at);
    case "ArrayExpression":
      return listValue(node.elements, scope, at);
    case "Identifier":
      return nameValue(node.name, scope, at);
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ParenthesizedExpression":
      return evaluate(node.expression, scope);
    case "AwaitExpression":
      return evaluate(node.argument, scope);
    case "ArrowFunctionExpression":
    case "FunctionExpression":
    case "FunctionDeclaration":
      return functionValue(node, scope);
    case "ClassExpression":
    case "ClassDeclaration":
      return { ...at, kind: "function" };
    case "ConditionalExpression": {
      const truth = isTruthy(evaluate(node.test, scope));
      if (truth !== undefined) return evaluate(truth ? node.consequent : node.alternate, scope);
      return eitherOf(evaluate(node.consequent, scope), evaluate(node.alternate, scope));
    }
    case "LogicalExpression":
      return logicalValue(node.operator, node.left, node.right, scope, at);
    case "BinaryExpression":
      return (
        operatedValue(node.operator, evaluate(node.left, scope), evaluate(node.right, scope), at) ??
        unknownAt(at)
      );
    case "UnaryExpression":
      return unaryValue(node.operator, evaluate(node.argument, scope), at);
    case "MemberExpression":
    case "OptionalMemberExpression":
      return memberValue(node, scope, at);
    case "MetaProperty":
      return { ...at, kind: "reference", module: "", name: "import.meta" };
    case "AssignmentExpression":
      return node.operator === "=" ? evaluate(node.right, scope) : unknownAt(at);
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return callValue(node.callee, node.arguments, scope, at);
    default:
      return unknownAt(at);
  }
}

function templateValue(
  node: Extract<Node, { type: "TemplateLiteral" }>,
  scope: Scope,
  at: Place,
): JavaScriptValue {
  let whole: JavaScriptValue = { ...at, kind: "text", text: node.quasis[0]?.value.cooked ?? "" };
  for (const [index, expression] of node.expressions.entries()) {
    const text = node.quasis[index + 1]?.value.cooked ?? "";
    const withValue = added(whole, evaluate(expression, scope), at);
    const next = withValue && added(withValue, { ...at, kind: "text", text }, at);
    if (!next) return unknownAt(at);
    whole = next;
  }
  return whole;
}

function objectValue(node: ObjectExpression, scope: Scope, at: Place): ObjectValue {
  let result: ObjectValue = { ...at, kind: "object", entries: new Map(), isComplete: true };
  for (const property of node.properties) {
    if (property.type === "SpreadElement") {
      result = overlaid(result, spreadValue(property.argument, scope));
      continue;
    }
    const name = keyOf(property, scope);
    const value =
      property.type === "ObjectMethod"
        ? property.kind === "method"
          ? functionValue(property, scope)
          : unknownAt(placeOf(property, scope))
        : evaluate(property.value, scope);
    result =
      name === undefined
        ? overlaid(result, unknownAt(at))
        : { ...result, entries: new Map(result.entries).set(name, value) };
  }
  return result;
}

function keyOf(
  property: Exclude<ObjectExpression["properties"][number], { type: "SpreadElement" }>,
  scope: Scope,
): string | undefined {
  if (!property.computed) return propertyName(property);
  const key = evaluate(property.key, scope);
  return key.kind === "text" ? key.text : undefined;
}

/** `...(condition && { … })` adds these properties or none. */
function spreadValue(node: Expression, scope: Scope): JavaScriptValue {
  if (node.type === "ParenthesizedExpression") return spreadValue(node.expression, scope);
  if (node.type === "LogicalExpression" && node.operator === "&&") {
    const truth = isTruthy(evaluate(node.left, scope));
    const right = evaluate(node.right, scope);
    if (truth === true) return right;
    const none: ObjectValue = {
      ...placeOf(node, scope),
      kind: "object",
      entries: new Map(),
      isComplete: true,
    };
    return truth === false ? none : eitherOf(none, right);
  }
  return evaluate(node, scope);
}

function listValue(
  elements: readonly (Node | null)[],
  scope: Scope,
  at: Place,
): Extract<JavaScriptValue, { kind: "list" }> {
  const items: JavaScriptValue[] = [];
  let isComplete = true;
  for (const element of elements) {
    if (element?.type !== "SpreadElement") {
      items.push(evaluate(element, scope));
      continue;
    }
    const spread = spreadItems(element.argument, scope);
    items.push(...spread.items);
    isComplete &&= spread.isComplete;
  }
  return { ...at, kind: "list", items, isComplete };
}

function spreadItems(
  node: Expression,
  scope: Scope,
): { readonly items: readonly JavaScriptValue[]; readonly isComplete: boolean } {
  const value = evaluate(node, scope);
  return value.kind === "list" ? value : { items: [], isComplete: false };
}

function logicalValue(
  operator: string,
  left: Node,
  right: Node,
  scope: Scope,
  at: Place,
): JavaScriptValue {
  const value = evaluate(left, scope);
  if (operator === "??") {
    if (value.kind === "nothing") return evaluate(right, scope);
    return isTruthy(value) === undefined ? unknownAt(at, evaluate(right, scope)) : value;
  }
  const truth = isTruthy(value);
  if (truth !== undefined) return truth === (operator === "||") ? value : evaluate(right, scope);
  return operator === "||" ? unknownAt(at, evaluate(right, scope)) : unknownAt(at);
}

function unaryValue(operator: string, value: JavaScriptValue, at: Place): JavaScriptValue {
  const truth = isTruthy(value);
  if (operator === "!" && truth !== undefined) return { ...at, kind: "boolean", boolean: !truth };
  if (operator === "void") return { ...at, kind: "nothing" };
  if (operator === "+" || operator === "-") {
    const number =
      value.kind === "number" ? value.number : value.kind === "text" ? Number(value.text) : NaN;
    if (!Number.isNaN(number))
      return { ...at, kind: "number", number: operator === "-" ? -number : number };
    if (value.kind === "unknown" && value.otherwise && operator === "+")
      return unknownAt(at, unaryValue(operator, value.otherwise, at));
  }
  return unknownAt(at);
}

function memberValue(
  node: Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>,
  scope: Scope,
  at: Place,
): JavaScriptValue {
  const name = node.computed ? computedName(node.property, scope) : propertyName(node);
  const object = evaluate(node.object, scope);
  if (name === undefined) return unknownAt(at);
  return propertyValue(object, name, scope, at);
}

function computedName(node: Node, scope: Scope): string | undefined {
  const value = evaluate(node, scope);
  if (value.kind === "number") return String(value.number);
  return value.kind === "text" ? value.text : undefined;
}

function propertyValue(
  object: JavaScriptValue,
  name: string,
  scope: Scope,
  at: Place,
): JavaScriptValue {
  if (object.kind === "reference") return referenceValue(object, name, scope, at);
  if (object.kind === "path" && (name === "pathname" || name === "href")) return object;
  if (object.kind === "text" || object.kind === "path" || object.kind === "function")
    return unknownAt(at);
  return valueAt(object, [name]) ?? { ...at, kind: "nothing" };
}

/** A property of what a package or the language provides; a few are known. */
function referenceValue(
  { module, name: owner }: ReferenceValue,
  name: string,
  scope: Scope,
  at: Place,
): JavaScriptValue {
  const whole = owner === "" ? (name === "default" ? "" : name) : `${owner}/${name}`;
  if (module === "") {
    if (owner === "process/env") return scope.file.reading.variableAt(name, scope.file.text, at);
    if (whole === "import.meta/url" || whole === "import.meta/filename")
      return { ...at, kind: "path", path: scope.file.path };
    if (whole === "import.meta/dirname") return { ...at, kind: "path", path: scope.file.directory };
  }
  return { ...at, kind: "reference", module, name: whole };
}

function nameValue(name: string, scope: Scope, at: Place): JavaScriptValue {
  const found = bindingOf(scope, name);
  if (!found) return globalValue(name, scope, at);
  return found.known ?? (found.known = bindingValue(found, name, at));
}

function bindingValue(binding: Binding, name: string, at: Place): JavaScriptValue {
  if (binding.isOpen) return unknownAt(at);
  binding.isOpen = true;
  const { scope } = binding;
  let value = binding.read();
  binding.isOpen = false;
  const { writes } = scope.file;
  if (writes.reassigned.has(name)) return unknownAt(at);
  for (const write of writes.inside.get(name) ?? []) {
    const isPlain = write.block !== undefined && write.block === binding.block;
    if (value.kind === "object" || value.kind === "list")
      value = withValueAt(
        value,
        write.path,
        isPlain && write.value ? evaluate(write.value, scope) : undefined,
      );
  }
  return value;
}

/** Names that a file does not declare. Source: https://nodejs.org/api/globals.html */
function globalValue(name: string, scope: Scope, at: Place): JavaScriptValue {
  switch (name) {
    case "undefined":
      return { ...at, kind: "nothing" };
    case "__dirname":
      return { ...at, kind: "path", path: scope.file.directory };
    case "__filename":
      return { ...at, kind: "path", path: scope.file.path };
    default:
      return { ...at, kind: "reference", module: "", name };
  }
}

function callValue(callee: Node, nodes: readonly Node[], scope: Scope, at: Place): JavaScriptValue {
  if (
    callee.type === "Import" ||
    (callee.type === "Identifier" && callee.name === "require" && !bindingOf(scope, "require"))
  ) {
    const [first] = nodes;
    const request = first ? evaluate(first, scope) : undefined;
    return request?.kind === "text" || request?.kind === "path"
      ? scope.file.reading.requiredBy(
          scope.file,
          request.kind === "text" ? request.text : `/${request.path}`,
          at,
        )
      : unknownAt(at);
  }
  const values = listValue(nodes, scope, at).items;
  const target = evaluate(callee, scope);
  if (target.kind === "function") return invoke(target, values, evaluate) ?? unknownAt(at);
  if (target.kind === "reference") {
    const known = calledValue(target, values, at, scope.file.reading);
    return known ?? { ...at, kind: "call", callee: target, values };
  }
  // `withPlugin(options)(configuration)`
  if (target.kind === "call") return { ...at, kind: "call", callee: target.callee, values };
  if (callee.type === "MemberExpression") {
    const method = propertyName(callee);
    const object = evaluate(callee.object, scope);
    const known = method === undefined ? undefined : methodValue(object, method, values, at);
    if (known) return known;
  }
  return unknownAt(at);
}
