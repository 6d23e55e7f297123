import { frontEndCommand, type FrontEndCommand } from "./front-end-commands.ts";
import { configurationIn, type FrontEndPlace } from "./front-end-place.ts";
import { textOf, valueAt } from "./javascript-values.ts";

/**
 * What Ionic runs for a type of project. Source: ionic-team/ionic-cli `packages/@ionic/cli/src/lib/project`; a script
 * `ionic:build` comes before it.
 */
const COMMANDS: Readonly<Record<string, string>> = {
  angular: "ng build",
  "angular-standalone": "ng build",
  react: "react-scripts build",
  "react-vite": "vite build",
  vue: "vue-cli-service build",
  "vue-vite": "vite build",
};

/** The command that `ionic build` comes to; `undefined` when that cannot be told. */
export function ionicCommand(place: FrontEndPlace): FrontEndCommand | undefined {
  if (place.manifest.scripts.has("ionic:build")) return undefined;
  const type = textOf(valueAt(configurationIn(place, ["ionic.config.json"]), ["type"]));
  const command = type !== undefined && Object.hasOwn(COMMANDS, type) ? COMMANDS[type] : undefined;
  const words = place.command.words.filter((word) => word === "--prod");
  return command === undefined ? undefined : frontEndCommand([...command.split(" "), ...words]);
}
