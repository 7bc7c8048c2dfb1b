/** What is wrong with a template, or with using it on the data at hand. */
export class TemplateFault extends Error {
  override readonly name = "TemplateFault";
  /** Offset in the template's text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** What a function of a template throws for arguments it cannot take; its place is added by the caller. */
export class ArgumentFault extends Error {
  override readonly name = "ArgumentFault";
}
