/** The code by which a module of JavaScript reads dates: what data/dates.ts does. */

const daysCode = String.raw`
// Days of a date since 1970-01-01 in UTC, by the proleptic Gregorian calendar; undefined where there is no such date.
const isLeap = year => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
const daysOf = (year, month, day) => {
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const ofEra = y - 400 * era
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return 146097 * era + 365 * ofEra + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468
}
const inDays = ({ year = 0, month = 1, day = 1, hour: shown = 0, minute = 0, second = 0, offset = 0, late }) => {
  if (late !== undefined && (shown < 1 || shown > 12)) return undefined
  const hour = late === undefined ? shown : (shown % 12) + (late ? 12 : 0)
  const length = month === 2 && isLeap(year) ? 29 : ([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0)
  const midnight = hour === 24 && minute === 0 && second === 0
  if (day < 1 || day > length || (hour > 23 && !midnight) || minute > 59 || second >= 61) return undefined
  if (Math.abs(offset) > 18 * 60) return undefined
  return daysOf(year, month, day) + (3600 * hour + 60 * (minute - offset) + second) / 86400
}
// Minutes east of UTC.
const offsetOf = zone => {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (60 * Number(hours) + Number(minutes))
}

// ISO 8601.
const isoShape =
  /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d(?:[.,]\d{1,9})?))?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$/
const iso = cell => {
  const found = isoShape.exec(cell)
  if (!found) return undefined
  const [, year, month, day = '1', hour = '0', minute = '0', second = '0', zone] = found
  const [y, m, d, h, min] = [year, month, day, hour, minute].map(Number)
  const offset = offsetOf(zone)
  return inDays({ year: y, month: m, day: d, hour: h, minute: min, second: Number(second.replace(',', '.')), offset })
}
`

const formatsCode = String.raw`
// Dates in a format such as DD/MM/YYYY HH:mm.
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month = text => ({ month: months.indexOf(text.slice(0, 3).toLowerCase()) + 1 })
const parts = new Map([
  ['YYYY', ['\\d{4}', text => ({ year: Number(text) })]],
  ['YY', ['\\d\\d', text => ({ year: Number(text) + (Number(text) <= 68 ? 2000 : 1900) })]],
  ['MMMM', ['[A-Za-z]{3,9}', month]],
  ['MMM', ['[A-Za-z]{3,4}', month]],
  ['MM', ['\\d\\d?', text => ({ month: Number(text) })]],
  ['DD', ['\\d\\d?', text => ({ day: Number(text) })]],
  ['HH', ['\\d\\d?', text => ({ hour: Number(text) })]],
  ['mm', ['\\d\\d', text => ({ minute: Number(text) })]],
  ['ss', ['\\d\\d(?:\\.\\d{1,9})?', text => ({ second: Number(text) })]],
  ['A', ['[AaPp]\\.?[Mm]\\.?', text => ({ late: /^p/i.test(text) })]],
  ['Z', ['Z|[+-]\\d\\d:?\\d\\d', text => ({ offset: offsetOf(text) })]]
])
for (const letter of 'MDH') parts.set(letter, parts.get(letter + letter))
const dated = format => {
  if (!/YY/.test(format)) return iso
  const dense = !/[^A-Za-z]/.test(format) // nothing parts the numbers: each has all of its digits
  const found = []
  const shape = format.match(/YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|H|mm|ss|A|Z|[^]/g).map(token => {
    const part = parts.get(token)
    if (!part) return token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/ /g, '\\s+')
    found.push(part[1])
    return '(' + (dense ? part[0].replace('\\d?', '\\d') : part[0]) + ')'
  })
  const whole = new RegExp('^' + shape.join('') + '$')
  return cell => {
    const texts = whole.exec(cell)
    return texts ? inDays(Object.assign({}, ...found.map((part, k) => part(texts[k + 1])))) : undefined
  }
}
`

const columnCode = String.raw`
// The year of a day, and how much of a cycle has gone by.
const yearOf = day => {
  const guess = Math.floor(1970 + day / 365.2425)
  return daysOf(guess + 1, 1, 1) <= day ? guess + 1 : daysOf(guess, 1, 1) > day ? guess - 1 : guess
}
const turnOf = (cycle, days) => {
  const day = Math.floor(days)
  if (cycle === 'hour') return days - day
  if (cycle === 'weekday') return ((((day + 3) % 7) + 7) % 7) / 7
  const year = yearOf(day)
  return (day - daysOf(year, 1, 1)) / (isLeap(year) ? 366 : 365)
}
// A column of dates: days since 1970 in UTC, then sine and cosine of each cycle; where it is missing, those of the mean of
// the training rows.
const dates = (name, fill, marked, cycles, format, read) => ({
  name,
  marked,
  width: 1 + 2 * cycles.length,
  what: 'a date',
  trained: 'dates, as ' + format + ',',
  said: (cell, text) => {
    if (isMissingNumber(text)) return 'missing'
    return isDate(cell) ? cell.getTime() / 86400000 : read(text)
  },
  put: (x, at, value = fill) => {
    x[at] = value
    cycles.forEach((cycle, k) => {
      const angle = 2 * Math.PI * turnOf(cycle, value)
      x[at + 2 * k + 1] = Math.sin(angle)
      x[at + 2 * k + 2] = Math.cos(angle)
    })
  }
})
`

/** The code of `dates`, columns of dates; with `dated` for formats other than ISO 8601 where there are any. */
export const datesCode = (formats: boolean): string => [daysCode, formats ? formatsCode : '', columnCode].join('')
