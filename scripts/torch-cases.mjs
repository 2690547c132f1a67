// Prints what PyTorch is given: see properties/torch/values.py.
import { caseOf, networkCases } from '../dist/properties/torch/cases.js'

console.log(JSON.stringify(await Promise.all(networkCases.map(async s => (await caseOf(s)).given))))
