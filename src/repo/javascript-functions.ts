import {
  bindPattern,
  declare,
  newScope,
  placeOf,
  type Evaluate,
  type Scope,
} from "./javascript-scopes.ts";
import type { FunctionNode, Node, Statement } from "./javascript-syntax.ts";
import {
  eitherOf,
  isTruthy,
  unknownAt,
  type JavaScriptValue,
  type Place,
} from "./javascript-values.ts";
import { propertyName } from "./javascript-writes.ts";

/** What functions of a file do when they are called. */

/** A value is plain data: the code of a function is kept beside it. */
const functions = new WeakMap<
  JavaScriptValue,
  { readonly node: FunctionNode; readonly scope: Scope }
>();

export function functionValue(node: FunctionNode, scope: Scope): JavaScriptValue {
  const value: JavaScriptValue = { ...placeOf(node, scope), kind: "function" };
  functions.set(value, { node, scope });
  return value;
}

/** What a function returns when it is called with these values; `undefined` when that cannot be told. */
export function invoke(
  value: JavaScriptValue,
  values: readonly JavaScriptValue[],
  evaluate: Evaluate,
): JavaScriptValue | undefined {
  const known = functions.get(value);
  if (!known) return undefined;
  const { node, scope: outer } = known;
  if ("generator" in node && node.generator) return undefined;
  const scope = newScope(outer);
  for (const [index, parameter] of node.params.entries()) {
    const held = values[index];
    bindPattern(
      parameter,
      held ? () => held : () => unknownAt(placeOf(parameter, outer)),
      scope,
      undefined,
      evaluate,
    );
  }
  if (node.body.type !== "BlockStatement") return evaluate(node.body, scope);
  declare(node.body.body, scope, node.body, evaluate);
  return returned(node.body.body, scope, evaluate) ?? { ...placeOf(node, outer), kind: "nothing" };
}

/** What the first statement that returns gives; `undefined` when none does. */
function returned(
  statements: readonly Statement[],
  scope: Scope,
  evaluate: Evaluate,
): JavaScriptValue | undefined {
  for (const [index, statement] of statements.entries()) {
    switch (statement.type) {
      case "ReturnStatement":
        return evaluate(statement.argument, scope);
      case "ThrowStatement":
        return unknownAt(placeOf(statement, scope));
      case "BlockStatement": {
        const value = returnedBy(statement, scope, evaluate);
        if (value) return value;
        break;
      }
      case "IfStatement": {
        const truth = isTruthy(evaluate(statement.test, scope));
        let behind: { readonly value: JavaScriptValue | undefined } | undefined;
        const then = (branch: Statement | null | undefined): JavaScriptValue | undefined => {
          const value = branch ? returnedBy(branch, scope, evaluate) : undefined;
          if (value) return value;
          behind ??= { value: returned(statements.slice(index + 1), scope, evaluate) };
          return behind.value;
        };
        if (truth !== undefined) return then(truth ? statement.consequent : statement.alternate);
        const [one, other] = [then(statement.consequent), then(statement.alternate)];
        return one && other
          ? eitherOf(one, other)
          : one || other
            ? unknownAt((one ?? other)!)
            : undefined;
      }
      case "TryStatement":
      case "SwitchStatement":
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "LabeledStatement":
        if (/\breturn\b/.test(placeOf(statement, scope).source))
          return unknownAt(placeOf(statement, scope));
        break;
    }
  }
  return undefined;
}

function returnedBy(
  statement: Statement,
  scope: Scope,
  evaluate: Evaluate,
): JavaScriptValue | undefined {
  if (statement.type !== "BlockStatement") return returned([statement], scope, evaluate);
  const inner = newScope(scope);
  declare(statement.body, inner, statement, evaluate);
  return returned(statement.body, inner, evaluate);
}

/** A statement of a function: a call of a method of its first parameter, or something else. */
export interface StatementCall {
  /** `use`; `undefined` for anything but such a call. */
  readonly method: string | undefined;
  readonly values: readonly JavaScriptValue[];
  readonly place: Place;
}

/** What a function does with its first parameter, statement by statement; declarations are left out. */
export function callsOfParameter(
  value: JavaScriptValue,
  evaluate: Evaluate,
): readonly StatementCall[] | undefined {
  const known = functions.get(value);
  const [parameter] = known?.node.params ?? [];
  if (!known || parameter?.type !== "Identifier") return undefined;
  const { node, scope: outer } = known;
  const scope = newScope(outer);
  bindPattern(parameter, () => unknownAt(placeOf(parameter, outer)), scope, undefined, evaluate);
  const body: readonly Node[] = node.body.type === "BlockStatement" ? node.body.body : [node.body];
  if (node.body.type === "BlockStatement") declare(node.body.body, scope, node.body, evaluate);
  return body
    .filter(
      ({ type }) =>
        type !== "VariableDeclaration" &&
        type !== "EmptyStatement" &&
        type !== "FunctionDeclaration",
    )
    .flatMap((statement): readonly StatementCall[] => {
      const expression =
        statement.type === "ExpressionStatement" ? statement.expression : statement;
      return (
        chainedCalls(expression, parameter.name, scope, evaluate) ?? [
          { method: undefined, values: [], place: placeOf(statement, scope) },
        ]
      );
    });
}

/** `app.use(a).use(b)` */
function chainedCalls(
  node: Node,
  name: string,
  scope: Scope,
  evaluate: Evaluate,
): StatementCall[] | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const method = propertyName(node.callee);
  const { object } = node.callee;
  const before =
    object.type === "Identifier" && object.name === name
      ? []
      : chainedCalls(object, name, scope, evaluate);
  if (method === undefined || !before) return undefined;
  return [
    ...before,
    {
      method,
      values: node.arguments.map((argument) => evaluate(argument, scope)),
      place: placeOf(node, scope),
    },
  ];
}
