import * as z from 'zod'

/**
 * A named schema or null. Written as a union because `.nullable()` on a schema with an id makes the shared component itself nullable
 * in the generated OpenAPI document.
 */
export const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()])
