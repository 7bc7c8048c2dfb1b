/** Boot scripts are imported as text: `import x from "./boot.sh" with { type: "text" }`. */
declare module "*.sh" {
  const text: string;
  export default text;
}
