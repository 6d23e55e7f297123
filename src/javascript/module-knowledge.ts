/** What npm packages need of the system that they run on: data, with sources. */

/** What all the packages of one entry need. Names are separated by blanks. */
export interface ModuleKnowledge {
  /** npm names. */
  readonly modules: string;
  /** Programs that they run. */
  readonly programs?: string;
  /** Libraries that they load, by Debian's packages to build with them; see `runTimeLibraries`. */
  readonly libraries?: string;
  /** Files that they read: names in `SYSTEM_FILES`. */
  readonly files?: string;
  /** The first major version that no longer needs it. */
  readonly before?: number;
  /** Only some of what they do needs it, so that one who has them by way of another package most likely does not. */
  readonly isOccasional?: boolean;
  /** They need these packages too, which no image of node has: without any of them nothing of the entry is of use. */
  readonly besides?: string;
  /** Where it was read. */
  readonly source: string;
}

/** Files of the system that programs read, by the packages that bring them. */
export const SYSTEM_FILES: Readonly<
  Record<string, { readonly debian: readonly string[]; readonly alpine: readonly string[] }>
> = {
  // Node has certificates of its own: only programs and native code read those of the system.
  certificates: { debian: ["ca-certificates"], alpine: ["ca-certificates"] },
  // /etc/fonts/fonts.conf and one family of fonts: what the full image has.
  fonts: { debian: ["fontconfig", "fonts-dejavu-core"], alpine: ["fontconfig", "ttf-dejavu"] },
  // debian-slim has perl-base, which lacks most of perl's own modules: Encode, Time::HiRes, Digest::MD5, Compress::Zlib.
  perl: { debian: ["perl"], alpine: ["perl"] },
};

/** Programs that check certificates by those of the system. */
export const PROGRAMS_WITH_CERTIFICATES: ReadonlySet<string> = new Set(
  "git curl wget hg svn python3 python yt-dlp youtube-dl aws kubectl rclone aria2c lynx openssl".split(
    " ",
  ),
);

/** Packages with the libraries that browsers need beside those of the full image. Source: https://pptr.dev/troubleshooting */
const BROWSER_LIBRARIES = `libnss3 libnspr4 libatk1.0-0 libatk1.0-0t64 libatk-bridge2.0-0 libatk-bridge2.0-0t64 libatspi2.0-0
  libatspi2.0-0t64 libcups2 libcups2t64 libdrm2 libgbm1 libgtk-3-0 libgtk-3-0t64 libasound2 libasound2t64
  libxcomposite1 libxdamage1 libxfixes3 libxrandr2 libxkbcommon0 libxss1 libxtst6 libgconf-2-4`;

const ENGINES: readonly ModuleKnowledge[] = [
  // Prisma's engines are built for one version of OpenSSL, told from libssl and `openssl version`; without either it takes 1.1.
  // Its client has none of them from version 7 on; the engine that migrates stays one.
  {
    modules: "@prisma/client",
    programs: "openssl",
    libraries: "libssl-dev",
    files: "certificates",
    before: 7,
    source: "https://www.prisma.io/docs/orm/reference/system-requirements",
  },
  {
    modules: "prisma @prisma/engines @prisma/cli",
    programs: "openssl",
    libraries: "libssl-dev",
    files: "certificates",
    source: "https://github.com/prisma/prisma/blob/main/packages/get-platform/src/getPlatform.ts",
  },
  {
    modules: `aws-crt @temporalio/core-bridge @confluentinc/kafka-javascript couchbase duckdb @duckdb/node-bindings libsql
      @lancedb/lancedb`,
    files: "certificates",
    isOccasional: true,
    source: "native code that checks certificates by those of the system, where it uses TLS",
  },
];

const VERSION_CONTROL: readonly ModuleKnowledge[] = [
  {
    modules: `simple-git git-rev git-rev-sync git-last-commit gitlog git-describe git-branch git-branch-is gift git-promise
      git-clone git-client git-commit-info git-wrapper git-http-backend node-git-server pushover decap-server
      netlify-cms-proxy-server download-git-repo gitty current-git-branch git-changed-files grunt-git`,
    programs: "git ssh",
    source: "each README: it runs git, which runs ssh for addresses of that kind",
  },
  {
    modules: `git-raw-commits git-semver-tags git-log-parser git-username git-user-name git-remote-origin-url git-tag
      git-date-extractor @npmcli/git degit tiged semantic-release release-it standard-version npm-check-updates
      conventional-changelog conventional-changelog-core`,
    programs: "git",
    isOccasional: true,
    source: "each README: it runs git",
  },
  {
    modules: "nodegit",
    libraries: "libkrb5-dev libssl-dev",
    files: "certificates",
    source: "https://www.nodegit.org/guides/install/from-source/",
  },
];

const PICTURES: readonly ModuleKnowledge[] = [
  {
    modules: "gm",
    programs: "gm convert identify",
    files: "fonts",
    source: "https://github.com/aheckmann/gm#readme",
  },
  {
    modules: `imagemagick node-imagemagick im-metadata im-resize easyimage easyimg imagemagick-cli imagemagick-stream
      imagickal gifify pdf-thumbnail`,
    programs: "convert identify mogrify composite",
    files: "fonts",
    source: "each README: it runs ImageMagick's programs",
  },
  {
    modules: "pdf2pic pdf-image pdf2img",
    programs: "gm convert gs pdfinfo",
    files: "fonts",
    source: "https://github.com/yakovmeister/pdf2image#prerequisite",
  },
  {
    modules: `canvas chartjs-node-canvas chartjs-node @napi-rs/canvas skia-canvas @resvg/resvg-js svg2img text2png sharp
      vega-cli`,
    files: "fonts",
    isOccasional: true,
    source:
      "https://sharp.pixelplumbing.com/install#fonts, https://github.com/Automattic/node-canvas#registerfont",
  },
  {
    modules: `html-pdf phantomjs phantomjs-prebuilt phantom node-webshot webshot casperjs phantom-html-to-pdf
      jsreport-phantom-pdf svg2png svgexport`,
    libraries: "libfontconfig1-dev",
    files: "fonts",
    source:
      "https://github.com/Medium/phantomjs#readme: it loads libfontconfig, which loads libfreetype",
  },
  {
    modules: "mozjpeg pngquant-bin cwebp-bin",
    libraries: "libpng-dev libjpeg-dev libwebp-dev",
    isOccasional: true,
    source: "https://github.com/imagemin: programs that are built where none is prebuilt",
  },
  {
    modules: "screenshot-desktop",
    programs: "scrot import",
    source: "https://github.com/bencevans/screenshot-desktop#linux",
  },
  {
    modules: "opencv4nodejs @u4/opencv4nodejs",
    libraries: "libopencv-dev",
    source: "https://github.com/UrielCh/opencv4nodejs#readme",
  },
];

const SOUND_AND_FILMS: readonly ModuleKnowledge[] = [
  {
    modules: `fluent-ffmpeg ffmpeg ffprobe node-ffprobe ffmpeg-extract-frames ffmpeg-extract-frame ffmpeg-concat ffmpeg-probe
      videoshow audioconcat node-media-server rtsp-ffmpeg node-rtsp-stream rtsp-relay prism-media
      @discordjs/voice discord-player distube simple-thumbnail ffmpeg-stream stream-transcoder
      homebridge-camera-ffmpeg youtube-mp3-downloader`,
    programs: "ffmpeg ffprobe",
    source: "each README: it runs ffmpeg where no path to it is given",
  },
  {
    modules: "sox-audio sox sox-stream node-record-lpcm16 mic",
    programs: "sox rec arecord",
    source: "each README",
  },
  {
    modules: "play-sound",
    programs: "mplayer mpg123 aplay cvlc",
    source: "https://github.com/shime/play-sound#readme",
  },
  {
    modules: "node-lame",
    programs: "lame",
    source: "https://github.com/devowlio/node-lame#readme",
  },
  {
    modules: "speaker midi easymidi naudiodon",
    libraries: "libasound2-dev",
    source: "each README",
  },
];

const OTHER_LANGUAGES: readonly ModuleKnowledge[] = [
  {
    modules: "python-shell pythonia python-bridge node-calls-python",
    programs: "python3 python",
    source: "https://github.com/extrabacon/python-shell#readme: it runs `python3`",
  },
  {
    modules:
      "youtube-dl-exec youtube-dl youtube-dl-wrap yt-dlp-wrap yt-dlp-exec ytdlp-nodejs @distube/yt-dlp",
    programs: "python3 ffmpeg",
    source:
      "https://github.com/microlinkhq/youtube-dl-exec#readme: the program that it fetches is Python's",
  },
  {
    modules: "exiftool-vendored exiftool-vendored.pl node-exiftool dist-exiftool exiftool",
    programs: "perl",
    files: "perl",
    source: "https://github.com/photostructure/exiftool-vendored.js#installation",
  },
  {
    modules: "java java-caller xsd-schema-validator jdbc",
    programs: "java",
    source: "each README: it runs, or loads, Java",
  },
  { modules: "php-express exec-php", programs: "php", source: "each README" },
];

const PROCESSES: readonly ModuleKnowledge[] = [
  // A missing `ps` is an error that nothing catches in some of them: `spawn ps ENOENT` ends the program.
  {
    modules: `pm2 pm2-runtime pidtree ps-list ps-node ps-tree tree-kill @nestjs/cli tree-kill-promise find-process fkill fkill-cli
      process-exists terminate kill-sync forever forever-monitor concurrently npm-run-all npm-run-all2 ts-node-dev
      start-server-and-test`,
    programs: "ps",
    source: "lib/TreeKill.js of pm2, index.js of tree-kill and of ps-tree, lib/ps.js of pidtree",
  },
  {
    modules: "systeminformation",
    programs: "ps lsblk lsof netstat ss ip dmidecode",
    source: "lib/*.js of systeminformation 5",
  },
  { modules: "node-os-utils os-utils", programs: "free ps", source: "each package's source" },
  {
    modules: "kill-port killport cross-port-killer lsof",
    programs: "lsof",
    source: "index.js of kill-port",
  },
  { modules: "find-process", programs: "ss netstat lsof", source: "dist/cjs/find_pid.js" },
  { modules: "crontab", programs: "crontab", source: "https://github.com/blago-dev/crontab" },
  { modules: "node-notifier", programs: "notify-send", isOccasional: true, source: "README" },
  { modules: "drivelist", programs: "lsblk", source: "README" },
  {
    modules: "serialport @serialport/bindings @serialport/bindings-cpp",
    programs: "udevadm",
    isOccasional: true,
    source: "https://serialport.io/docs/api-bindings-cpp: what lists ports",
  },
  {
    modules: "docker-compose docker-cli-js",
    programs: "docker docker-compose",
    source: "each README",
  },
];

const NETWORKS: readonly ModuleKnowledge[] = [
  {
    modules: "default-gateway internal-ip network",
    programs: "ip",
    source: "index.js of default-gateway",
  },
  {
    modules: "node-netstat",
    programs: "netstat",
    source: "https://github.com/danielkrainas/node-netstat",
  },
  {
    modules: "local-devices node-arp arpping @network-utils/arp-lookup",
    programs: "arp ip ping",
    source: "each README",
  },
  { modules: "ping pingman", programs: "ping", source: "https://github.com/danielzzz/node-ping" },
  { modules: "traceroute nodejs-traceroute", programs: "traceroute", source: "each README" },
  { modules: "node-nmap libnmap", programs: "nmap", source: "each README" },
  { modules: "node-wifi wireless-tools", programs: "iwconfig iwlist", source: "each README" },
  { modules: "node-dig-dns", programs: "dig", source: "README" },
  { modules: "curlrequest", programs: "curl", source: "README" },
  { modules: "rsync rsyncwrapper", programs: "rsync ssh", source: "each README" },
  {
    modules: "shipit-cli shipit-deploy ssh-pool",
    programs: "ssh rsync git",
    source: "each README",
  },
  { modules: "ssh-keygen ssh-keygen-lite", programs: "ssh-keygen", source: "each README" },
  { modules: "scp", programs: "scp ssh", source: "README" },
  {
    modules: "pem pem-promise node-openssl-cert openssl-nodejs openssl-wrapper devcert",
    programs: "openssl",
    source: "https://github.com/Dexus/pem#setup",
  },
  { modules: "gpg gpg-promised", programs: "gpg", source: "each README" },
  {
    modules: "node-libcurl",
    libraries: "libcurl4-openssl-dev",
    files: "certificates",
    source:
      "https://github.com/JCMais/node-libcurl#readme: built from source, it is linked against libcurl",
  },
  {
    // Its configure script takes what it finds.
    modules: "node-rdkafka",
    libraries: "libssl-dev zlib1g-dev libcurl4-openssl-dev libzstd-dev liblz4-dev",
    files: "certificates",
    source: "https://github.com/Blizzard/node-rdkafka#requirements",
  },
  { modules: "zmq zerorpc", libraries: "libzmq3-dev", source: "each README" },
  {
    modules: "mdns",
    libraries: "libavahi-compat-libdnssd-dev",
    source: "https://github.com/agnat/node_mdns#installation",
  },
  { modules: "pcap cap", libraries: "libpcap-dev", source: "each README" },
];

const ARCHIVES_AND_DOCUMENTS: readonly ModuleKnowledge[] = [
  {
    modules: "node-7z node-7z-archive",
    programs: "7z",
    source: "https://github.com/quentinrossetti/node-7z#readme",
  },
  { modules: "unrar unrar-promise", programs: "unrar", source: "each README" },
  {
    modules: "cross-zip",
    programs: "zip unzip",
    source: "https://github.com/feross/cross-zip#readme",
  },
  {
    modules: "wkhtmltopdf node-wkhtmltopdf",
    programs: "wkhtmltopdf",
    files: "fonts",
    source: "https://github.com/devongovett/node-wkhtmltopdf#readme",
  },
  { modules: "wkhtmltoimage", programs: "wkhtmltoimage", files: "fonts", source: "README" },
  {
    modules: "libreoffice-convert office-to-pdf unoconv awesome-unoconv unoconv-promise carbone",
    programs: "soffice libreoffice",
    files: "fonts",
    source: "https://github.com/elwerene/libreoffice-convert#readme",
  },
  {
    modules:
      "node-poppler pdf-to-text pdf-text-extract pdftotextjs pdf-extract pdf-util node-pdftotext",
    programs: "pdftotext pdftoppm pdfinfo pdftocairo",
    source: "https://github.com/Fdawgs/node-poppler#readme",
  },
  { modules: "node-qpdf node-qpdf2", programs: "qpdf", source: "each README" },
  {
    modules: "node-pdftk pdffiller pdftk scissors",
    programs: "pdftk gs",
    source: "each README",
  },
  { modules: "ghostscript-node node-gs gs", programs: "gs", source: "each README" },
  { modules: "ghostscript4js", libraries: "libgs-dev", source: "README" },
  {
    modules: "node-tesseract-ocr tesseractocr node-tesseract",
    programs: "tesseract",
    source: "each README",
  },
  {
    modules: "textract",
    programs: "pdftotext antiword unrtf tesseract",
    source: "https://github.com/dbashford/textract#extraction-requirements",
  },
  { modules: "node-pandoc pandoc", programs: "pandoc", source: "each README" },
  { modules: "node-latex latex", programs: "pdflatex", source: "each README" },
  { modules: "graphviz node-graphviz", programs: "dot", source: "each README" },
  {
    modules: "clamscan",
    programs: "clamscan clamdscan",
    source: "https://github.com/kylefarris/clamscan#readme",
  },
];

/** What the full image has of a browser's libraries: a file that installs only the rest counts on them. */
const BROWSERS: readonly ModuleKnowledge[] = [
  {
    modules: `puppeteer puppeteer-core puppeteer-extra puppeteer-cluster playwright playwright-core playwright-chromium
      @playwright/test @playwright/browser-chromium @sparticuz/chromium chrome-aws-lambda html-pdf-node
      node-html-to-image pdf-creator-node md-to-pdf @mermaid-js/mermaid-cli mermaid.cli whatsapp-web.js
      @wppconnect-team/wppconnect venom-bot @open-wa/wa-automate penthouse critical pageres capture-website
      lighthouse chrome-launcher selenium-webdriver chromedriver nightmare electron jsreport-chrome-pdf
      convert-svg-to-png prerender pa11y backstopjs percollate puppeteer-html-pdf`,
    libraries: `libglib2.0-dev libx11-dev libxext-dev libcairo2-dev libgdk-pixbuf-2.0-dev
      libfontconfig1-dev libexpat1-dev libpango1.0-dev`,
    files: "fonts certificates",
    besides: BROWSER_LIBRARIES,
    source: "https://pptr.dev/troubleshooting#chrome-doesnt-launch-on-linux",
  },
];

const DATABASES: readonly ModuleKnowledge[] = [
  {
    modules: "pg-native libpq",
    libraries: "libpq-dev",
    files: "certificates",
    source: "https://github.com/brianc/node-libpq#install",
  },
  // It opens libgssapi_krb5 when it is loaded: `kerberos_use_rtld` of its binding.gyp.
  {
    modules: "kerberos",
    libraries: "libkrb5-dev",
    source: "https://github.com/mongodb-js/kerberos#requirements",
  },
  {
    modules: "odbc msnodesqlv8",
    libraries: "unixodbc-dev",
    files: "certificates",
    source: "https://github.com/IBM/node-odbc#requirements",
  },
  {
    modules: "oracledb",
    libraries: "libaio-dev",
    isOccasional: true,
    source:
      "https://node-oracledb.readthedocs.io/en/latest/user_guide/installation.html: its thick mode",
  },
  {
    modules: "ibm_db",
    libraries: "libxml2-dev",
    source: "https://github.com/ibmdb/node-ibm_db#readme: the driver that it fetches",
  },
  {
    modules: "mysql-libmysqlclient",
    libraries: "default-libmysqlclient-dev",
    source: "https://github.com/Sannis/node-mysql-libmysqlclient#readme",
  },
  {
    modules: "@journeyapps/sqlcipher",
    libraries: "libssl-dev",
    isOccasional: true,
    source: "https://github.com/journeyapps/node-sqlcipher#readme",
  },
  {
    modules: "node-firebird-driver-native node-firebird-native-api",
    libraries: "firebird-dev",
    source: "each README",
  },
  { modules: "pg-dump-restore pg-dump", programs: "pg_dump pg_restore", source: "each README" },
];

const DEVICES_AND_DESKTOPS: readonly ModuleKnowledge[] = [
  {
    modules: "node-hid",
    libraries: "libudev-dev libusb-1.0-0-dev",
    source: "`readelf -d` of its prebuilds",
  },
  {
    modules: "robotjs @hurdlegroup/robotjs",
    libraries: "libx11-dev libxtst-dev",
    besides: "libxtst6 xvfb",
    source: "`readelf -d` of its prebuilds",
  },
  {
    modules: "pcsclite nfc-pcsc @pokusew/pcsclite",
    libraries: "libpcsclite-dev",
    source: "https://github.com/pokusew/nfc-pcsc#readme",
  },
  { modules: "bluetooth-serial-port", libraries: "libbluetooth-dev", source: "README" },
  {
    modules: "keytar",
    libraries: "libsecret-1-dev libglib2.0-dev",
    besides: "libsecret-1-0 libsecret-1-dev",
    source: "https://github.com/atom/node-keytar#on-linux",
  },
  {
    modules: "dbus",
    libraries: "libdbus-1-dev libglib2.0-dev",
    besides: "libdbus-1-3 libdbus-1-dev dbus",
    source: "https://github.com/Shouqun/node-dbus#readme",
  },
  {
    modules: "gl",
    libraries: "libx11-dev libxext-dev libgl1-mesa-dev libxi-dev",
    besides: "libgl1-mesa-dev libgl1 libgl1-mesa-glx libxi-dev libxi6 mesa-utils xvfb",
    source: "https://github.com/stackgl/headless-gl#system-dependencies",
  },
  {
    modules: "@maplibre/maplibre-gl-native",
    libraries: "libcurl4-openssl-dev libicu-dev libjpeg-dev libpng-dev libwebp-dev",
    files: "certificates",
    source: "https://github.com/maplibre/maplibre-native/tree/main/platform/node",
  },
  {
    modules: "node-icu-charset-detector",
    libraries: "libicu-dev",
    source: "https://github.com/mooz/node-icu-charset-detector#readme",
  },
  {
    modules: "imagemagick-native magickwand.js",
    libraries: "libmagick++-dev",
    source: "each README",
  },
];

export const MODULE_NEEDS: readonly ModuleKnowledge[] = [
  ...ENGINES,
  ...VERSION_CONTROL,
  ...PICTURES,
  ...SOUND_AND_FILMS,
  ...OTHER_LANGUAGES,
  ...PROCESSES,
  ...NETWORKS,
  ...ARCHIVES_AND_DOCUMENTS,
  ...BROWSERS,
  ...DATABASES,
  ...DEVICES_AND_DESKTOPS,
];
