// Prints what PyTorch is given: see properties/torch/values.py.
import { caseOf, specimens } from '../dist/properties/torch/cases.js'

console.log(JSON.stringify(await Promise.all(specimens.map(async s => (await caseOf(s)).given))))
