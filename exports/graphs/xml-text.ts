/** All but the characters of XML 1.0 (its production 2), halves of surrogate pairs among them. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text as XML 1.0 can hold it: what it cannot becomes a replacement character.
 * @example xmlText('a\u0000b') // => 'a\ufffdb'
 */
export const xmlText = (text: string): string => text.replace(forbidden, '\ufffd')
