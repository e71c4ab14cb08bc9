/** A library that Bun links statically, so that it is in every binary of ours. */
export type Library = {
  readonly name: string;
  /** An SPDX expression, or `undefined` where the library has several, told at its home. */
  readonly license: string | undefined;
  readonly home: string;
};

const github = (path: string) => `https://github.com/${path}`;

/** As Bun 1.4.5 names them in its own notice: check again whenever the pinned Bun changes. */
export const BUN_LIBRARIES: readonly Library[] = [
  { name: "JavaScriptCore", license: "LGPL-2.0-or-later", home: github("oven-sh/WebKit") },
  { name: "TinyCC", license: "LGPL-2.1-or-later", home: github("TinyCC/tinycc") },
  { name: "BoringSSL", license: undefined, home: "https://boringssl.googlesource.com/boringssl" },
  { name: "brotli", license: "MIT", home: github("google/brotli") },
  { name: "c-ares", license: "MIT", home: github("c-ares/c-ares") },
  { name: "highway", license: "Apache-2.0", home: github("google/highway") },
  { name: "ICU", license: "Unicode-3.0", home: github("unicode-org/icu") },
  { name: "libarchive", license: undefined, home: github("libarchive/libarchive") },
  { name: "libbase64", license: "BSD-2-Clause", home: github("aklomp/base64") },
  {
    name: "libc++abi (thread-local destructors)",
    license: "Apache-2.0 WITH LLVM-exception",
    home: github("llvm/llvm-project"),
  },
  { name: "libdeflate", license: "MIT", home: github("ebiggers/libdeflate") },
  {
    name: "libjpeg-turbo",
    license: "BSD-3-Clause AND IJG AND Zlib",
    home: github("libjpeg-turbo/libjpeg-turbo"),
  },
  { name: "libspng", license: "BSD-2-Clause", home: github("randy408/libspng") },
  { name: "libuv (Windows)", license: "MIT", home: github("libuv/libuv") },
  { name: "libwebp", license: "BSD-3-Clause", home: github("webmproject/libwebp") },
  { name: "lol-html", license: "BSD-3-Clause", home: github("cloudflare/lol-html") },
  { name: "ls-hpack", license: "MIT", home: github("litespeedtech/ls-hpack") },
  { name: "ls-qpack", license: "MIT", home: github("litespeedtech/ls-qpack") },
  { name: "lsquic", license: "MIT AND BSD-3-Clause", home: github("litespeedtech/lsquic") },
  { name: "mimalloc", license: "MIT", home: github("microsoft/mimalloc") },
  { name: "picohttpparser", license: "MIT", home: github("h2o/picohttpparser") },
  { name: "simdutf", license: "Apache-2.0", home: github("simdutf/simdutf") },
  { name: "TigerBeetle (I/O)", license: "Apache-2.0", home: github("tigerbeetle/tigerbeetle") },
  { name: "uSockets", license: "Apache-2.0", home: github("uNetworking/uSockets") },
  { name: "uucode", license: "MIT", home: github("jacobsandlund/uucode") },
  { name: "uWebSockets", license: "Apache-2.0", home: github("uNetworking/uWebSockets") },
  { name: "zlib-ng", license: "Zlib", home: github("zlib-ng/zlib-ng") },
  { name: "zstd", license: "BSD-3-Clause", home: github("facebook/zstd") },
];
