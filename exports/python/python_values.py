"""What Python gives for the programs and rows of python_values.json, written back into it with the SHA-256 of each file.

Made with Python 3.11 and NumPy 2.4 by
    npm run build && python3 exports/python/python_values.py && npx prettier --write exports/python/python_values.json
"""

import hashlib, json, pathlib, subprocess, types

WRITE = """
import { readFileSync } from 'node:fs'
import { writePython } from './dist/exports/python/python.js'
const cases = JSON.parse(readFileSync('exports/python/python_values.json', 'utf8'))
console.log(JSON.stringify(cases.map(({ program, name }) => writePython(program, { name })[0].content)))
"""
here = pathlib.Path(__file__).resolve()
home, file = here.parents[2], here.with_name("python_values.json")
cases = json.loads(file.read_text(encoding="utf-8"))
written = subprocess.run(["node", "--input-type=module", "-e", WRITE], cwd=home, check=True, capture_output=True)
for case, source in zip(cases, json.loads(written.stdout)):
    module = types.ModuleType(case["name"])
    exec(source, module.__dict__)
    case["sha256"] = hashlib.sha256(source.encode()).hexdigest()
    case["inputs"] = module._reader(case["rows"])(0, len(case["rows"])).tolist()
    case["z"] = module.Network().decision_function(case["rows"]).tolist()
file.write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")
