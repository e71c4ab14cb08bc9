import type { Choice, Prompter } from "../runtime.ts";
import type { Translate } from "../words/translate.ts";

/** Prompts whose questions, rows, answers and complaints are shown in other words. */
export function translatePrompts(prompter: Prompter, translate: Translate): Prompter {
  const row = <Value extends string>(choice: Choice<Value>): Choice<Value> => ({
    ...choice,
    label: translate(choice.label),
    ...(choice.description === undefined ? {} : { description: translate(choice.description) }),
  });
  const complain = (validate: (value: string) => string | undefined) => (value: string) => {
    const complaint = validate(value);
    return complaint === undefined ? undefined : translate(complaint);
  };
  const message = (question: { readonly message: string }): { readonly message: string } => ({
    message: translate(question.message),
  });
  return {
    select: (question) =>
      prompter.select({
        ...question,
        ...message(question),
        choices: question.choices.map(row),
      }),
    search: (question) =>
      prompter.search({ ...question, ...message(question), choices: question.choices.map(row) }),
    pick: (question) =>
      prompter.pick({
        ...question,
        ...message(question),
        groups: question.groups.map(({ heading, choices }) => ({
          heading: translate(heading),
          choices: choices.map(row),
        })),
      }),
    searchMany: (question) =>
      prompter.searchMany({
        ...question,
        ...message(question),
        choices: question.choices.map(row),
      }),
    text: ({ remark, ...question }) =>
      prompter.text({
        ...question,
        ...message(question),
        ...(remark === undefined ? {} : { remark: translate(remark) }),
        validate: complain(question.validate),
      }),
    password: (question) =>
      prompter.password({
        ...message(question),
        validate: complain(question.validate),
      }),
    confirm: (question) =>
      prompter.confirm({
        ...question,
        ...message(question),
        yes: translate(question.yes),
        no: translate(question.no),
      }),
  };
}
