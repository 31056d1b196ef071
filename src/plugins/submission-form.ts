import multipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ByteBudget } from '../byte-budget.ts'
import type { Config } from '../config.ts'
import { ProblemError } from '../problem.ts'
import type { DocumentStore } from '../store/document-store.ts'
import { giveUp, type Reading } from './form-reading.ts'
import { holdBudget } from './hold-budget.ts'
import { readJson } from './json-form.ts'
import { isFilePart, readMultipart } from './multipart-form.ts'
import { invoiceMaxBytes, type SubmissionForm } from './received-file.ts'
import { watchStalls } from './stalls.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Reads the body, whatever its shape. Nothing of it is kept unless somebody does. Throws ProblemError or JsonFault. */
    readSubmissionForm(): Promise<SubmissionForm>
    /** Gives the byte budget back early: the file's bytes are no longer in memory. */
    releaseBudget(): void
  }
}

export interface SubmissionFormOptions {
  documents: Pick<DocumentStore, 'receive'>
  budget: ByteBudget
  limits: Config['limits']
}

const overhead = 64 * 1024

/** Reads submissions: multipart in every shape that clients make, or JSON with the file inside. */
export const submissionForm = fp<SubmissionFormOptions>(
  async (app, { documents, budget, limits }) => {
    await app.register(multipart, {
      throwFileSizeLimit: true,
      isPartAFile: isFilePart,
      limits: {
        fileSize: limits.documentMaxBytes,
        files: limits.attachmentsMax + 2,
        fields: 500,
        parts: limits.attachmentsMax + 502,
        fieldSize: invoiceMaxBytes,
        fieldNameSize: 100,
        headerPairs: 20
      }
    })
    // The body stays unread until there is room for it.
    app.addContentTypeParser('application/json', (_request, _payload, done) => done(null, undefined))
    const holds = holdBudget(app, budget)

    app.decorateRequest('releaseBudget', function (this: FastifyRequest) {
      holds.release(this)
    })

    app.decorateRequest('readSubmissionForm', async function (this: FastifyRequest) {
      const length = Number(this.headers['content-length'] ?? Number.NaN)
      const encoding = this.headers['content-encoding']
      if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
        throw new ProblemError('unsupported-media-type', {
          detail: 'Send the body as it is, without Content-Encoding.'
        })
      }
      const isJson = !this.isMultipart()
      if (!isJson && !/;\s*boundary\s*=\s*[^\s;]/i.test(this.headers['content-type'] ?? '')) {
        throw new ProblemError('unsupported-media-type', { detail: 'The content type names no multipart boundary.' })
      }
      const most = isJson
        ? Math.ceil(limits.documentMaxBytes * 1.4) + invoiceMaxBytes
        : limits.invoiceMaxBytes + invoiceMaxBytes
      if (length > most) {
        throw new ProblemError('file-too-large', {
          detail: `The request has ${length} bytes; at most ${most} are taken${isJson ? ' as JSON, send large files as multipart' : ''}.`
        })
      }
      const largest = limits.documentMaxBytes + overhead
      // What an upload costs at its peak, its way through the buffers included; JSON holds text and decoded file at once.
      const weight = isJson
        ? Number.isNaN(length)
          ? largest * 5
          : length * 4
        : Math.min(length || largest, largest) * 3
      await holds.acquire(this, Math.ceil(weight))
      this.sendContinue?.()
      const stall = watchStalls(this, limits.uploadIdleTimeoutMs)
      const reading: Reading = { received: [], over: false }
      try {
        return await Promise.race([
          isJson
            ? readJson(this, { length, most }, documents, reading)
            : readMultipart(this, documents, limits, reading),
          stall.stalled
        ])
      } catch (error) {
        await giveUp(reading)
        throw error
      } finally {
        stall.stop()
      }
    })
  },
  { name: 'submission-form' }
)
