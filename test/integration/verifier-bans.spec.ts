import { Objection } from '../../src/verifier/objection';
import { soundProgram } from '../../src/verifier/sound-program';
import { TestExecutor } from '../support/executor/executor';

describe('what is banned', () => {
  let executor: TestExecutor;
  beforeAll(async () => {
    executor = await TestExecutor.start();
  }, 60_000);
  afterAll(() => executor.stop());

  /** The construct that a program with these lines before its `f` is refused for; empty if it is not. */
  async function banned(lines: string, body = 'return x'): Promise<string> {
    const sound = await soundProgram((text) => executor.adapter.skim(text), `${lines}\ndef f(x):\n    ${body}`);
    if (!(sound instanceof Objection)) return '';
    expect(sound.reason).toBe('banned');
    return sound.detail;
  }

  it.each([
    ['letters of another width', 'import ｏｓ'],
    ['a part of a module', 'import os.path as p'],
    ['a member', 'from os import path'],
    ['a module within a function', 'def g():\n    from time import time'],
    ['the implementation of a module', 'import _random'],
    ['the machinery of imports', 'import _frozen_importlib_external'],
    ['a module that another one imports', 'from statistics import random as r'],
    ['a module that another one imports under an alias', 'from enum import bltns'],
    ['a member of a module without a list of its own', 'from ast import *\nsys.exit'],
    ['an alias of a module', 'import statistics as s\ns.random'],
    ['an alias that is taken again', 'from statistics import random as r\nfrom math import floor as r\nr.choice'],
    ['a variable for a module', 'import statistics\nm = statistics\nm.random'],
    ['a parameter for a module', 'import statistics\ndef g(m=statistics):\n    return m.random'],
    ['a private alias within a module', 'import collections\ncollections._sys'],
    ['getattr of a module', 'import statistics\ngetattr(statistics, "random")'],
    ['the members of a module', 'import statistics\nstatistics.__dict__'],
    ['a decorator', '@__import__\ndef g(): pass'],
    ['an assignment expression', '(i := __import__)'],
    ['a default', 'def g(i=__import__): pass'],
    ['the builtins', '__builtins__'],
    ['the module of a builtin', 'print.__self__'],
    ['getattr of a name that is spelled out', 'getattr(object, "__subclasses__")'],
    ['a key', 'globals()["__builtins__"]'],
    ['a text that is run', 'eval("__imp" + "ort__")("os")'],
    ['a text that is compiled', 'compile("1", "", "exec")'],
    ['a pattern', 'match print:\n    case object(__self__=m): pass'],
    ['positions of a pattern', 'class P:\n    __match_args__ = ("__globals__",)'],
    ['a format', '"{0.__globals__}".format'],
    ['a frame', '(i for i in []).gi_frame'],
  ])('is found in %s', async (_, lines) => {
    expect(await banned(lines)).not.toBe('');
  });

  it.each([
    ['from math import *\nfrom collections import deque, Counter', 'return floor(x), deque(), Counter()'],
    ['class Event:\n    def __init__(self, time): self.time, self.signal = time, 0', 'return Event(x).time'],
    ['import math, statistics\noperations = [math.floor, statistics.mean]', 'return x.random, x.os'],
    ['from typing import List\nimport math as m\ntools = [m]', 'return tools[0].floor(x)'],
    ['time = 3\nrandom = [time]', 'return random[0] + time'],
    ['"""Uses __init__ and time."""', 'return x.__class__.__name__'],
  ])('is not taken for what looks like it: %j', async (lines, body) => {
    expect(await banned(lines, body)).toBe('');
  });
});
