import express, { type Router } from 'express';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import type { ErrorCode } from '../../signaling/contract/index.ts';
import { UPLOAD_TYPE } from './upload-probe.ts';
import { HOST_KEY_HEADER, isNone, type Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { errorAnswerSchema } from './schemas/common.ts';
import { HTTP_STATUS } from './status.ts';

/** The API and, beside it, the document that describes it. */
export function openApi(v1: Router): Router {
  const router = express.Router();
  const document = openApiDocument();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.use('/v1', v1);
  return router;
}

/** OpenAPI 3.1.1, whose schemas are JSON Schema 2020-12: made of what parses the requests and answers. */
export function openApiDocument() {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, operation] of Object.entries<Operation>(OPERATIONS)) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(id, operation) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Sfumato', version: packageJson.version, license: { name: 'MIT' } },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: { Error: jsonSchema(errorAnswerSchema, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sfumato' },
      },
    },
  };
}

function describe(operationId: string, operation: Operation) {
  const { summary, result, status } = operation;
  const rights = rightsOf(operation);
  return {
    operationId,
    summary,
    ...(rights !== undefined && { description: rights }),
    // Reading is for everybody, and tells more to those with the right.
    security:
      rights !== undefined
        ? [{ bearer: [] }, { session: [] }]
        : [{}, { bearer: [] }, { session: [] }],
    ...parameters(operation),
    ...requestBody(operation),
    responses: {
      [status]: {
        description: 'Done.',
        ...(!isNone(result) && { content: content(result, 'output') }),
        ...(operation.answerTypes && { content: bytesOf(operation.answerTypes) }),
      },
      ...errorResponses(operation),
    },
  };
}

function rightsOf({ scope, signedIn, streamKey }: Operation): string | undefined {
  if (signedIn === true) return 'For whoever is logged in; of tokens for those with `admin`.';
  return scope && rightsWords(scope, streamKey);
}

function rightsWords(scope: string, streamKey = false): string {
  const bearer = 'as the bearer token';
  return `Needs the scope \`${scope}\`${streamKey ? `, or the Channel’s stream key ${bearer}` : ''}.`;
}

function requestBody({ body, uploadBytes }: Operation) {
  if (uploadBytes !== undefined) {
    const schema = { type: 'string', format: 'binary', maxLength: uploadBytes };
    return { requestBody: { required: true, content: { [UPLOAD_TYPE]: { schema } } } };
  }
  return isNone(body) ? {} : { requestBody: { required: true, content: content(body, 'input') } };
}

function parameters({ params, query, hostKey }: Operation) {
  const all = [...parametersIn('path', params), ...parametersIn('query', query), ...keys(hostKey)];
  return all.length > 0 && { parameters: all };
}

function parametersIn(place: 'path' | 'query', schema: z.ZodType) {
  if (isNone(schema)) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input');
  return Object.entries(properties).map(([name, property]) => {
    return { name, in: place, required: required.includes(name), schema: property };
  });
}

/** Administrators need none. */
function keys(hostKey = false) {
  const key = { name: HOST_KEY_HEADER, in: 'header', required: false, schema: { type: 'string' } };
  return hostKey ? [key] : [];
}

function content(schema: z.ZodType, io: 'input' | 'output') {
  return { 'application/json': { schema: jsonSchema(schema, io) } };
}

/** OpenAPI 3.1: bytes need no schema. */
function bytesOf(types: readonly string[]) {
  return Object.fromEntries(types.map((type) => [type, {}]));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

/** By status, with the codes that it stands for. */
function errorResponses(operation: Operation) {
  const codes = Map.groupBy(errorCodes(operation), (code) => HTTP_STATUS[code]);
  const answer = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };
  return Object.fromEntries(
    [...codes].map(([status, names]) => [
      status,
      { description: names.map((name) => `\`${name}\``).join(', '), content: answer },
    ]),
  );
}

function errorCodes({ body, query, scope, signedIn, uploadBytes, errors }: Operation): ErrorCode[] {
  const all: ErrorCode[] = [...errors, 'unauthorized', 'unavailable', 'internal'];
  if (!isNone(body)) all.push('badRequest', 'tooLarge', 'unsupportedMedia');
  if (!isNone(query)) all.push('badRequest');
  if (uploadBytes !== undefined) all.push('unsupportedMedia');
  if (scope !== undefined || signedIn === true) all.push('forbidden');
  return [...new Set(all)];
}
