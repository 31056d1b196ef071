/** The least that a gateway in production is told: with PISTE, and nothing that could be refused. */
export const production = {
  CHORUS_PRO_ENVIRONMENT: 'production',
  PISTE_CLIENT_ID: 'a',
  PISTE_CLIENT_SECRET: 'b',
  CHORUS_PRO_LOGIN: 'c',
  CHORUS_PRO_PASSWORD: 'd'
}
