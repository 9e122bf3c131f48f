/** IAM policies as data. */

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface Statement {
  /** Letters and digits: IAM allows nothing else here. */
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Condition;
}

/** A statement of a resource's own policy. */
export interface ResourceStatement extends Statement {
  readonly Principal: '*' | Readonly<Record<string, string>>;
}

/** Who may take a role. */
export interface TrustStatement {
  readonly Effect: 'Allow';
  readonly Action: 'sts:AssumeRole';
  readonly Principal: { readonly Service: string };
  readonly Condition?: Condition;
}

export interface PolicyDocument<S = Statement> {
  readonly Version: '2012-10-17';
  readonly Statement: readonly S[];
}

export const policy = <S>(statements: readonly S[]): PolicyDocument<S> => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const allow = (
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[],
  condition?: Condition,
): Statement => ({ Sid, Effect: 'Allow', Action, Resource, ...(condition ? { Condition: condition } : {}) });

export const trust = (service: string, condition?: Condition): PolicyDocument<TrustStatement> =>
  policy([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: service },
      ...(condition ? { Condition: condition } : {}),
    },
  ]);

/** One or several, as a list. */
export const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
