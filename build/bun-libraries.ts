import { BUN_VERSION } from "./project.ts";

/** A library that Bun links statically, so that it is in every binary of ours. */
export type Library = {
  readonly name: string;
  /** An SPDX expression; the text of each identifier in it is in `licenses`. */
  readonly license: string;
  /** Who holds the copyright, as the library says it. */
  readonly copyright: readonly string[];
  readonly home: string;
  /** The release, where it has one. */
  readonly version?: string;
  /** What of the repository was built: a commit, or a tag. */
  readonly revision?: string;
  /** The name by which the pinned Bun tells that revision, in `process.versions`. */
  readonly told?: string;
  /** Vendor and product, as the dictionary of vulnerabilities names them. */
  readonly cpe?: string;
};

const github = (path: string) => `https://github.com/${path}`;
const LITESPEED = "LiteSpeed Technologies Inc";

/**
 * As Bun 1.4.5 names them in its own notice and its build scripts: check again whenever the pinned
 * Bun changes. What it tells of itself is compared in a test.
 */
export const BUN_LIBRARIES: readonly Library[] = [
  {
    name: "JavaScriptCore",
    license: "LGPL-2.1-or-later AND BSD-2-Clause",
    copyright: ["Copyright (C) Apple Inc., Harri Porten and the contributors of WebKit"],
    home: github("oven-sh/WebKit"),
    revision: "d6375c72affe0f70222cdcb45012b10f0bf3a9d5",
    told: "webkit",
  },
  {
    name: "TinyCC",
    license: "LGPL-2.1-or-later",
    copyright: ["Copyright (c) 2001-2004 Fabrice Bellard"],
    home: github("oven-sh/tinycc"),
    revision: "05f0fafaa3be31e31d7b4b5c17dc60f62c991171",
    told: "tinycc",
  },
  {
    name: "BoringSSL",
    license: "Apache-2.0 AND MIT",
    copyright: [
      "Copyright The OpenSSL Project Authors",
      "Copyright The BoringSSL Authors",
      "Copyright (c) 2015-2020 the fiat-crypto authors",
    ],
    home: github("oven-sh/boringssl"),
    revision: "fe703e9faa3bfd22b04eb192066856557b7e015c",
    told: "boringssl",
  },
  {
    name: "brotli",
    license: "MIT",
    copyright: ["Copyright (c) 2009, 2010, 2013-2016 by the Brotli Authors."],
    home: github("google/brotli"),
    version: "1.1.0",
    revision: "v1.1.0",
    cpe: "google:brotli",
  },
  {
    name: "c-ares",
    license: "MIT",
    copyright: ["Copyright (c) 2007 - 2023, Daniel Stenberg with many contributors"],
    home: github("c-ares/c-ares"),
    revision: "0b88066f79ac9745d6819899f1794df91b73c873",
    told: "ares",
  },
  {
    name: "HdrHistogram_c",
    license: "BSD-2-Clause",
    copyright: [
      "Copyright (c) 2012, 2013, 2014 Gil Tene",
      "Copyright (c) 2014 Michael Barker",
      "Copyright (c) 2014 Matt Warren",
      "Copyright (c) 2015 Philip Orwig",
    ],
    home: github("HdrHistogram/HdrHistogram_c"),
    revision: "be60a9987ee48d0abf0d7b6a175bad8d6c1585d1",
  },
  {
    name: "highway",
    license: "Apache-2.0",
    copyright: ["Copyright 2020 Google LLC"],
    home: github("google/highway"),
    revision: "2607d3b5b0113992fe84d3848859eae13b3b52c1",
  },
  {
    name: "ICU",
    license: "Unicode-3.0",
    copyright: [
      "Copyright (c) 2016-2026 Unicode, Inc.",
      "Copyright (c) 1995-2016 International Business Machines Corporation and others",
    ],
    home: github("unicode-org/icu"),
    version: "78.3",
    revision: "release-78.3",
    told: "icu",
    cpe: "icu-project:international_components_for_unicode",
  },
  {
    name: "libarchive",
    license: "BSD-2-Clause AND BSD-3-Clause",
    copyright: [
      "Copyright (c) 2003-2018 Tim Kientzle",
      "Copyright (c) The Regents of the University of California",
    ],
    home: github("libarchive/libarchive"),
    revision: "27cbc7827172698143e440801fc0ba39ccb4f1f5",
    told: "libarchive",
  },
  {
    name: "libbase64",
    license: "BSD-2-Clause",
    copyright: [
      "Copyright (c) 2005-2007, Nick Galbreath",
      "Copyright (c) 2015-2018, Wojciech Muła",
      "Copyright (c) 2016-2017, Matthieu Darbois",
      "Copyright (c) 2013-2022, Alfred Klomp",
    ],
    home: github("aklomp/base64"),
  },
  {
    name: "libc++abi (thread-local destructors)",
    license: "Apache-2.0 WITH LLVM-exception",
    copyright: ["Copyright the contributors of the LLVM Project"],
    home: github("llvm/llvm-project"),
    version: "19.1.0",
    revision: "llvmorg-19.1.0",
  },
  {
    name: "libdeflate",
    license: "MIT",
    copyright: ["Copyright 2016 Eric Biggers", "Copyright 2024 Google LLC"],
    home: github("ebiggers/libdeflate"),
    revision: "92e6a0db9fa848d742f9eb286c92afc60f2c3dda",
    told: "libdeflate",
  },
  {
    name: "libjpeg-turbo",
    license: "BSD-3-Clause AND IJG AND Zlib",
    copyright: [
      "Copyright (C) 2009-2026 D. R. Commander. All Rights Reserved.",
      "Copyright (C) 2015 Viktor Szathmáry. All Rights Reserved.",
      "This software is based in part on the work of the Independent JPEG Group.",
    ],
    home: github("libjpeg-turbo/libjpeg-turbo"),
    version: "3.2.0",
    revision: "c85e6b905bf237038faa936dab160ebfc5da0344",
    cpe: "libjpeg-turbo:libjpeg-turbo",
  },
  {
    name: "libspng",
    license: "BSD-2-Clause",
    copyright: ["Copyright (c) 2018-2022, Randy <randy408@protonmail.com>"],
    home: github("randy408/libspng"),
    version: "0.7.4",
    revision: "fb768002d4288590083a476af628e51c3f1d47cd",
    cpe: "libspng:libspng",
  },
  {
    name: "libuv (Windows)",
    license: "MIT",
    copyright: ["Copyright (c) 2015-present libuv project contributors."],
    home: github("oven-sh/libuv"),
    revision: "96873308d4505884ba4f82ac89905fe0fd97eb9e",
  },
  {
    name: "libwebp",
    license: "BSD-3-Clause",
    copyright: ["Copyright (c) 2010, Google Inc. All rights reserved."],
    home: github("webmproject/libwebp"),
    version: "1.6.0",
    revision: "b7e29b9d75bd31422b00c2a446d49d7af06c328d",
    cpe: "webmproject:libwebp",
  },
  {
    name: "lol-html",
    license: "BSD-3-Clause",
    copyright: ["Copyright (C) 2019, Cloudflare, Inc.", "Copyright (C) 2019, Ivan Nikulin"],
    home: github("cloudflare/lol-html"),
    revision: "725ce499aa9b71e38b7a2d0a9fbb6d7294a4079e",
    told: "lolhtml",
  },
  {
    name: "ls-hpack",
    license: "MIT",
    copyright: [`Copyright (c) 2018 - 2023 ${LITESPEED}`],
    home: github("litespeedtech/ls-hpack"),
    revision: "cf0f70dd10b352194c97448eb5d00b4aa484f531",
    told: "lshpack",
  },
  {
    name: "ls-qpack",
    license: "MIT",
    copyright: [`Copyright (c) 2018 - 2023 ${LITESPEED}`],
    home: github("litespeedtech/ls-qpack"),
    revision: "1e9c5b8e59f8161c54f168a570c8bfdc59ded0c3",
  },
  {
    name: "lsquic",
    license: "MIT AND BSD-3-Clause",
    copyright: [
      `Copyright (c) 2017 - 2022 ${LITESPEED}`,
      "Copyright 2015 The Chromium Authors. All rights reserved.",
    ],
    home: github("litespeedtech/lsquic"),
    revision: "3181911301b1aa4f54c1ed690901abc674ee08fb",
  },
  {
    name: "mimalloc",
    license: "MIT",
    copyright: ["Copyright (c) 2018-2025 Microsoft Corporation, Daan Leijen"],
    home: github("oven-sh/mimalloc"),
    revision: "92ef6587c57b262f6e6abf513f7776a2f8d12aeb",
    told: "mimalloc",
  },
  {
    name: "picohttpparser",
    license: "MIT",
    copyright: [
      "Copyright (c) 2009-2014 Kazuho Oku, Tokuhiro Matsuno, Daisuke Murase, Shigeo Mitsunari",
    ],
    home: github("h2o/picohttpparser"),
    revision: "f4d94b48b31e0abae029ebeafcfd9ca0680ede58",
    told: "picohttpparser",
  },
  {
    name: "simdutf",
    license: "Apache-2.0",
    copyright: ["Copyright 2021 The simdutf authors"],
    home: github("simdutf/simdutf"),
  },
  {
    name: "SQLite",
    license: "blessing",
    copyright: ["The authors of SQLite disclaim copyright: it is in the public domain."],
    home: github("sqlite/sqlite"),
    version: "3.54.1",
    revision: "version-3.54.1",
    told: "sqlite",
    cpe: "sqlite:sqlite",
  },
  {
    name: "TigerBeetle (I/O)",
    license: "Apache-2.0",
    copyright: ["Copyright TigerBeetle, Inc."],
    home: github("tigerbeetle/tigerbeetle"),
    revision: "532c8b70b9142c17e07737ab6d3da68d7500cbca",
  },
  {
    name: "uSockets",
    license: "Apache-2.0",
    copyright: ["Copyright Alex Hultman"],
    home: github("oven-sh/bun"),
    revision: `bun-v${BUN_VERSION}`,
  },
  {
    name: "uucode",
    license: "MIT",
    copyright: ["Copyright (c) 2025 Jacob Sandlund"],
    home: github("jacobsandlund/uucode"),
  },
  {
    name: "uWebSockets",
    license: "Apache-2.0",
    copyright: ["Copyright Alex Hultman"],
    home: github("oven-sh/bun"),
    revision: `bun-v${BUN_VERSION}`,
  },
  {
    name: "zlib-ng",
    license: "Zlib",
    copyright: ["(C) 1995-2024 Jean-loup Gailly and Mark Adler"],
    home: github("zlib-ng/zlib-ng"),
    version: "2.3.3",
    revision: "12731092979c6d07f42da27da673a9f6c7b13586",
    told: "zlib",
    cpe: "zlib-ng:zlib-ng",
  },
  {
    name: "zstd",
    license: "BSD-3-Clause",
    copyright: ["Copyright (c) Meta Platforms, Inc. and affiliates. All rights reserved."],
    home: github("facebook/zstd"),
    version: "1.5.7",
    revision: "f8745da6ff1ad1e7bab384bd1f9d742439278e99",
    told: "zstd",
    cpe: "facebook:zstandard",
  },
];

/** npm packages under the MIT licence that Bun embeds, for programs that import them. */
export const BUN_POLYFILLS =
  "acorn acorn-walk assert browserify-zlib buffer constants-browserify crypto-browserify domain-browser events https-browserify os-browserify path-browserify process punycode querystring-es3 stream-browserify stream-http string_decoder timers-browserify tty-browserify url util vm-browserify".split(
    " ",
  );
