// Makes src/app/api-types.ts, what each route takes, from the server's OpenAPI document:
//   npm run types -- openapi.json          (todoke openapi > openapi.json, or GET /api/openapi.json)
import { readFileSync, writeFileSync } from 'node:fs';

const [source = 'openapi.json'] = process.argv.slice(2);
const target = new URL('../src/app/api-types.ts', import.meta.url);
const document = JSON.parse(readFileSync(source, 'utf8'));

function typeOf(schema) {
  if (!schema) return 'unknown';
  if (schema.enum) return schema.enum.map((value) => `'${value}'`).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  if (schema.type === 'array') {
    const item = typeOf(schema.items);
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type === 'object') return objectOf(schema);
  return { integer: 'number', number: 'number', boolean: 'boolean', string: 'string', null: 'null' }[schema.type] ?? 'unknown';
}

function objectOf({ properties = {}, required = [] }) {
  const fields = Object.entries(properties).map(
    ([name, schema]) => `    ${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};\n`,
  );
  return fields.length > 0 ? `{\n${fields.join('')}  }` : 'Record<string, never>';
}

function bodyOf(operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  return schema ? typeOf(schema) : 'undefined';
}

const lines = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => `  '${method.toUpperCase()} ${path}': ${bodyOf(operation)};\n`),
);

writeFileSync(
  target,
  `// What each route of the API takes. Made by \`npm run types\` from the server's OpenAPI document; not edited by hand.\n\nexport interface Takes {\n${lines.join('')}}\n`,
);
