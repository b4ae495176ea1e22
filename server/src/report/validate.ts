import Ajv from 'ajv';
import type { Report } from './model';
import schema from './report.schema.json';
import { inconsistencies } from './validateConsistency';

const validateShape = new Ajv({ allErrors: true }).compile<Report>(schema);

/**
 * What is wrong with a value as a report of version 1: first its shape (report.schema.json), then, if that is right, what a
 * schema cannot say. Each problem names the place as a JSON pointer. Empty: it is a valid report.
 */
export function validateReport(value: unknown): string[] {
  if (!validateShape(value)) {
    return (validateShape.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`);
  }
  return inconsistencies(value);
}
