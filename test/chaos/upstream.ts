// Chorus Pro, in a process of its own: what it accepted is on the disk before it answers. Argument: its options as JSON.
import { createSimulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'

process.once('disconnect', () => process.exit(1))
const simulator = await createSimulator(JSON.parse(process.argv[2] ?? '{}') as SimulatorOptions)
const { control: _control, clientPkcs12: _pkcs12, issueClientCertificate: _issue, close: _close, ...facts } = simulator
process.send?.(facts)
process.once('SIGTERM', () => void simulator.close().then(() => process.exit(0)))
