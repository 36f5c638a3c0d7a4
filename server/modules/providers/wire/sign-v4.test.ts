import { describe, expect, test } from 'vitest'
import { signV4 } from './sign-v4.ts'

/** The account, date and service of the AWS Signature Version 4 test suite. */
const suite = {
  service: 'service',
  region: 'us-east-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  at: new Date('2015-08-30T12:36:00Z'),
  headers: {},
  body: '',
}

describe('the AWS Signature Version 4 test suite', () => {
  test.each([
    [
      'get-vanilla',
      'GET',
      'https://example.amazonaws.com/',
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'post-vanilla',
      'POST',
      'https://example.amazonaws.com/',
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      'https://example.amazonaws.com/?Param2=value2&Param1=value1',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
  ])('%s', (_name, method, url, signature) => {
    expect(signV4({ ...suite, method, url: new URL(url) })).toEqual({
      'x-amz-date': '20150830T123600Z',
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    })
  })
})

test('the worked example of the IAM user guide: ListUsers with a content type', () => {
  const { authorization } = signV4({
    ...suite,
    method: 'GET',
    service: 'iam',
    url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  })
  expect(authorization).toContain('SignedHeaders=content-type;host;x-amz-date')
  expect(authorization).toContain('Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7')
})

test('temporary credentials and the body are signed too; a model id is encoded twice', () => {
  const url = new URL('https://bedrock-runtime.eu-central-1.amazonaws.com/model/a.b-v1%3A0/converse')
  const given = { ...suite, method: 'POST', url, sessionToken: 'token', body: '{}' }
  const signed = signV4(given)
  expect(signed['x-amz-security-token']).toBe('token')
  expect(signed['authorization']).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token')
  expect(signV4({ ...given, body: '{ }' })['authorization']).not.toBe(signed['authorization'])
  expect(signV4({ ...given, sessionToken: 'other' })['authorization']).not.toBe(signed['authorization'])
  const plain = new URL('https://bedrock-runtime.eu-central-1.amazonaws.com/model/a.b-v1:0/converse')
  expect(signV4({ ...given, url: plain })['authorization']).not.toBe(signed['authorization'])
})
