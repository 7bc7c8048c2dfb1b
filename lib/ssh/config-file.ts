/** Reading of the ssh.config that the host agent writes; apart from the rest of this room so that quick commands stay quick. */

/** Port in the text of an instance's ssh.config; undefined when it has none. */
export function portOfSshConfig(text: string): number | undefined {
  const port = Number(/^\s*Port\s+(\d+)\s*$/m.exec(text)?.[1]);
  return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
}

/** The options of its Host block as `KEY=VALUE`, in order, without address and port. */
export function optionsOfSshConfig(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]+([A-Za-z]\w*)[ \t]+(\S.*?)[ \t]*$/gm)]
    .filter(([, key = ""]) => !/^(hostname|port)$/i.test(key))
    .map(([, key = "", value = ""]) => `${key}=${value}`);
}
