import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { describeHub, useHubs } from './support/hub.ts'
import { writeFolder } from './support/model-files.ts'
import { addModel, endOfJob, figure, until } from './support/work.ts'

describeHub('a hub that is started again at once after a kill', () => {
  const hubs = useHubs()

  it('waits for what the killed one left running, then takes over folder and ports and goes on', async () => {
    const first = await hubs.start()
    const folder = writeFolder(join(first.place.models, 'known'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '# Known answers\n',
    })
    const { jobId } = await addModel(first, 'e2e/known', folder, { evaluate: true, publish: true })
    first.kill9('hub')
    // As a service manager does, or somebody who presses "up" and "enter".
    const second = await hubs.start({ place: first.place })
    figure(`ready ${second.readySeconds.toFixed(1)} s after a start that followed a kill at once`)
    expect(await endOfJob(second, jobId)).toMatchObject({ state: 'succeeded' })
    const health = () =>
      fetch(`${second.gatewayUrl}/healthz`).then(
        ({ status }) => status,
        () => 0,
      )
    await until(health, (status) => status === 200, 15_000)
    expect(await first.gone()).toBeLessThan(1)
    await second.stop()
  }, 120_000)
})
