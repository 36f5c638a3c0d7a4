import { kerasRules } from '../keras/rules.ts'
import { defineRule, type Rule } from '../rules/define-rule.ts'

export const hdf5Rules: readonly Rule[] = [
  // Keras keeps its configuration in attributes; the rules are those of every place that holds one.
  ...kerasRules,
  defineRule({
    id: 'HDF5-LINK-001',
    title: 'An HDF5 file takes values from another file',
    severity: 'high',
    cwe: 'CWE-610',
    explanation:
      'External links, external storage and virtual datasets make the library open other files of the machine, by any path, as part of the model.',
    remedy: 'Do not load it. Ask the publisher for one file that holds its own values.',
    on: ['hdf5.external-link', 'hdf5.external-file', 'hdf5.virtual'],
  }),
  defineRule({
    id: 'HDF5-LINK-002',
    title: 'An HDF5 file has a link of a kind that software registers by itself',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'What such a link does is decided by code of the loading process.',
    remedy: 'Find out which software wrote the file and what its links do.',
    on: ['hdf5.foreign-link'],
  }),
  defineRule({
    id: 'HDF5-FILTER-001',
    title: 'An HDF5 file needs a filter that is loaded as a plug-in',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'The library loads a native plug-in by the number that the file names, from the plug-in path.',
    remedy: 'Check that the plug-in is one you installed on purpose.',
    on: ['hdf5.filter'],
  }),
  defineRule({
    id: 'HDF5-PICKLE-001',
    title: 'An HDF5 file holds a pickle',
    severity: 'medium',
    cwe: 'CWE-502',
    explanation:
      'Libraries for tables unpickle attributes and values of this kind; what the pickle does is reported on its own.',
    remedy: 'Read the file with a library that does not unpickle, or convert the values to plain arrays.',
    on: ['hdf5.pickle'],
  }),
  defineRule({
    id: 'HDF5-CODE-001',
    title: 'An attribute of an HDF5 file reads as code',
    severity: 'medium',
    cwe: 'CWE-94',
    explanation: 'Attributes hold names and numbers. Code in one is there for a tool that runs it.',
    remedy: 'Read the value; do not use tools that evaluate attributes.',
    on: ['hdf5.code-text'],
  }),
  defineRule({
    id: 'HDF5-BOUNDS-001',
    title: 'An HDF5 file refers beyond its end or to storage of another size',
    severity: 'medium',
    cwe: 'CWE-125',
    explanation: 'Libraries that trust the stated size read beyond their buffers. Often the file is cut short.',
    remedy: 'Download it again and compare its sha256 with the publisher.',
    on: ['hdf5.bounds', 'hdf5.dataset-size'],
  }),
  defineRule({
    id: 'HDF5-STRUCT-001',
    title: 'The structure of an HDF5 file is broken',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Behind the break nothing can be checked.',
    remedy: 'Download it again and compare its sha256 with the publisher; if it is the same, use another export.',
    on: ['hdf5.malformed'],
  }),
  defineRule({
    id: 'HDF5-STRUCT-002',
    title: 'Part of an HDF5 file is stored in a way that is not read',
    severity: 'low',
    cwe: 'CWE-693',
    explanation: 'The format has many ways to store the same; what lies in the ones not read is not known.',
    remedy: 'Save the file again with the default settings of h5py.',
    on: ['scan.hdf5-unread'],
  }),
]
