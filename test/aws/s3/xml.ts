/** The little XML that S3 speaks: flat documents, read by the names of their elements. */

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');

export const element = (name: string, content: string | number | boolean): string => `<${name}>${content}</${name}>`;

const unescape = (text: string): string =>
  text
    .replace(/&#(x[0-9a-f]+|\d+);/gi, (_all, code: string) =>
      String.fromCodePoint(code.startsWith('x') ? parseInt(code.slice(1), 16) : Number(code)),
    )
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The insides of all elements of that name; none of them nests in itself. */
export const insides = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(([, inside = '']) => inside);

/** The text of the first element of that name. */
export function textOf(xml: string, name: string): string | undefined {
  const [inside] = insides(xml, name);
  return inside === undefined ? undefined : unescape(inside);
}
