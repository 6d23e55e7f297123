/**
 * What Go packages need at run time, as data. Where an entry has no `source` of its own, it is the
 * package's documentation at `https://pkg.go.dev/<path>`.
 *
 * A function is named by its import path and name, `io/ioutil.ReadFile`; a method, whose receiver's
 * type the sources do not show without type checking, by a dot and its name, `.LoadHTMLGlob`.
 * A path in a table stands for itself, its `/v2`, `.v2` and its packages below.
 */

export interface CgoModule {
  readonly path: string;
  /** Whether it does the same work, by other means, in a build with CGO_ENABLED=0. */
  readonly fallback: boolean;
  readonly source?: string;
}

function needCgo(paths: string): CgoModule[] {
  return paths
    .trim()
    .split(/\s+/)
    .map((path) => ({ path, fallback: false }));
}

/**
 * Modules that call C on linux. Not here, since pure Go on linux: modernc.org/sqlite, glebarez/sqlite,
 * ncruces/go-sqlite3, sijms/go-ora, shirou/gopsutil, tarm/serial, tetratelabs/wazero, lib/pq, fsnotify.
 */
export const cgoModules: readonly CgoModule[] = [
  // Builds without cgo, and then answers every call with "requires cgo to work. This is a stub".
  {
    path: "github.com/mattn/go-sqlite3",
    fallback: false,
    source: "https://github.com/mattn/go-sqlite3/blob/master/static_mock.go",
  },
  {
    path: "gorm.io/driver/sqlite",
    fallback: false,
    source: "https://github.com/go-gorm/sqlite/blob/master/go.mod",
  },
  {
    path: "github.com/jinzhu/gorm/dialects/sqlite",
    fallback: false,
    source: "https://github.com/jinzhu/gorm/blob/master/dialects/sqlite/sqlite.go",
  },
  {
    path: "github.com/golang-migrate/migrate/database/sqlite3",
    fallback: false,
    source: "https://github.com/golang-migrate/migrate/tree/master/database/sqlite3",
  },
  {
    path: "github.com/ethereum/go-ethereum/crypto",
    fallback: true,
    source: "https://github.com/ethereum/go-ethereum/blob/master/crypto/signature_nocgo.go",
  },
  {
    path: "github.com/CosmWasm/wasmvm",
    fallback: false,
    source: "https://github.com/CosmWasm/wasmvm/blob/main/lib_no_cgo.go",
  },
  {
    path: "plugin",
    fallback: false,
    source: "https://github.com/golang/go/blob/master/src/plugin/plugin_stubs.go",
  },
  // Wrappers whose own import of go-sqlite3 the sources do not show.
  ...needCgo(`
    go.elastic.co/apm/module/apmsql/sqlite3 go.elastic.co/apm/module/apmgorm/dialects/sqlite
    go.elastic.co/apm/module/apmgormv2/driver/sqlite github.com/minus5/gofreetds github.com/rakyll/magicmime
    github.com/crewjam/go-xmlsec layeh.com/gumble/opus`),
  { path: "runtime/cgo", fallback: false, source: "https://pkg.go.dev/cmd/cgo" },
  // Databases and stores
  ...needCgo(`
    crawshaw.io/sqlite github.com/bvinc/go-sqlite-lite github.com/gwenn/gosqlite github.com/mutecomm/go-sqlcipher
    github.com/xeodou/go-sqlcipher github.com/CovenantSQL/go-sqlite3-encrypt github.com/tursodatabase/go-libsql
    github.com/marcboeker/go-duckdb github.com/duckdb/duckdb-go github.com/mattn/go-oci8 github.com/godror/godror
    gopkg.in/goracle github.com/go-goracle/goracle gopkg.in/rana/ora github.com/ibmdb/go_ibm_db
    github.com/alexbrainman/odbc github.com/tecbot/gorocksdb github.com/linxGnu/grocksdb github.com/jmhodges/levigo
    github.com/bmatsuo/lmdb-go github.com/PowerDNS/lmdb-go github.com/erigontech/mdbx-go
    github.com/torquem-ch/mdbx-go github.com/couchbase/goforestdb github.com/apple/foundationdb/bindings/go
    github.com/taosdata/driver-go/taosSql`),
  // Messages and compression
  ...needCgo(`
    github.com/confluentinc/confluent-kafka-go gopkg.in/confluentinc/confluent-kafka-go github.com/pebbe/zmq4
    github.com/pebbe/zmq3 github.com/alecthomas/gozmq github.com/zeromq/goczmq gopkg.in/zeromq/goczmq
    github.com/ibm-messaging/mq-golang github.com/apache/pulsar/pulsar-client-go github.com/DataDog/zstd
    github.com/valyala/gozstd github.com/google/brotli/go/cbrotli`),
  // Images, video, sound
  ...needCgo(`
    github.com/h2non/bimg gopkg.in/h2non/bimg github.com/davidbyttow/govips github.com/DAddYE/vips
    github.com/gographics/imagick gopkg.in/gographics/imagick github.com/discord/lilliput
    github.com/discordapp/lilliput github.com/chai2010/webp github.com/kolesa-team/go-webp
    github.com/strukturag/libheif github.com/jdeng/goheif github.com/Kagami/go-avif gocv.io/x/gocv
    github.com/lazywei/go-opencv github.com/Kagami/go-face github.com/otiai10/gosseract
    github.com/gen2brain/go-fitz github.com/asticode/go-astiav github.com/giorgisio/goav github.com/3d0c/gmf
    github.com/gen2brain/x264-go github.com/gen2brain/malgo gopkg.in/hraban/opus github.com/hraban/opus layeh.com/gopus
    github.com/hajimehoshi/oto github.com/ebitengine/oto github.com/faiface/beep github.com/gopxl/beep
    github.com/gordonklaus/portaudio github.com/adrg/libvlc-go github.com/rakyll/portmidi`),
  // Windows and graphics
  ...needCgo(`
    github.com/hajimehoshi/ebiten github.com/faiface/pixel github.com/go-gl fyne.io/fyne github.com/therecipe/qt
    github.com/gotk3/gotk3 github.com/mattn/go-gtk github.com/andlabs/ui github.com/zserge/webview
    github.com/webview/webview github.com/webview/webview_go github.com/getlantern/systray
    github.com/veandco/go-sdl2 github.com/gen2brain/raylib-go github.com/go-vgo/robotgo
    github.com/robotn/gohook golang.design/x/clipboard golang.design/x/hotkey github.com/AllenDang/giu`),
  // Network, system, hardware
  ...needCgo(`
    github.com/libsql/go-libsql github.com/bep/golibsass github.com/wellington/go-libsass gonum.org/v1/hdf5
    github.com/shogo82148/go-mecab github.com/apcera/gssapi github.com/DataIntelligenceCrew/go-faiss github.com/karalabe/hid github.com/zelenin/go-tdlib
    github.com/google/gopacket/pcap github.com/google/gopacket/afpacket github.com/google/gopacket/pfring
    github.com/gopacket/gopacket/pcap github.com/gopacket/gopacket/afpacket github.com/miekg/pcap
    github.com/msteinert/pam github.com/coreos/go-systemd/sdjournal
    github.com/seccomp/libseccomp-golang libvirt.org/go/libvirt github.com/libvirt/libvirt-go libvirt.org/libvirt-go
    github.com/ceph/go-ceph github.com/billziss-gh/cgofuse github.com/winfsp/cgofuse github.com/iovisor/gobpf
    github.com/aquasecurity/libbpfgo github.com/NVIDIA/go-nvml github.com/mindprince/gonvml
    github.com/google/gousb github.com/mikepb/go-serial github.com/proglottis/gpgme github.com/mtrmac/gpgme
    github.com/libgit2/git2go gopkg.in/libgit2/git2go`),
  // Cryptography
  ...needCgo(`
    github.com/miekg/pkcs11 github.com/ThalesIgnite/crypto11 github.com/ThalesGroup/crypto11
    github.com/spacemonkeygo/openssl github.com/libp2p/go-openssl github.com/supranational/blst
    github.com/herumi/bls-eth-go-binary github.com/open-quantum-safe/liboqs-go`),
  // Text, maps, languages, learning
  ...needCgo(`
    github.com/lestrrat-go/libxml2 github.com/lestrrat/go-libxml2 github.com/moovweb/gokogiri
    github.com/jbussdieker/golibxml github.com/yanyiwu/gojieba github.com/flier/gohs github.com/BurntSushi/rure-go
    github.com/GRbit/go-pcre github.com/glenn-brown/golang-pkg-pcre github.com/hillu/go-yara github.com/uber/h3-go
    github.com/lukeroth/gdal github.com/twpayne/go-geos github.com/paulsmith/gogeos github.com/airbusgeo/godal
    github.com/twpayne/go-proj github.com/smacker/go-tree-sitter github.com/tree-sitter/go-tree-sitter
    rogchap.com/v8go github.com/augustoroman/v8 github.com/buke/quickjs-go github.com/lithdew/quickjs
    github.com/sbinet/go-python github.com/DataDog/go-python3 github.com/aarzilli/golua github.com/mattn/go-mruby
    github.com/deuill/go-php github.com/wasmerio/wasmer-go github.com/wasmerio/go-ext-wasm
    github.com/bytecodealliance/wasmtime-go github.com/tensorflow/tensorflow/tensorflow/go github.com/galeone/tfgo
    github.com/mattn/go-tflite github.com/yalue/onnxruntime_go gonum.org/v1/netlib gorgonia.org/cu
    github.com/go-skynet/go-llama.cpp github.com/ggerganov/whisper.cpp/bindings/go
    github.com/alphacep/vosk-api/go github.com/sugarme/gotch github.com/daulet/tokenizers`),
];

/** Packages below a module of `cgoModules` that are pure Go all the same. */
export const pureGoPackages: readonly string[] = [
  "github.com/ethereum/go-ethereum/crypto/blake2b",
  "github.com/CosmWasm/wasmvm/types",
];

/** Which arguments of a call are paths: their indexes, or every one from an index on. */
export type PathArguments = readonly number[] | { readonly from: number };

const first: PathArguments = [0];
const second: PathArguments = [1];
const all: PathArguments = { from: 0 };

/** Calls that read files or directories, or serve them. */
export const readingCalls: Readonly<Record<string, PathArguments>> = {
  // The standard library, https://pkg.go.dev/std
  "os.Open": first,
  "os.OpenFile": first,
  "os.OpenInRoot": first,
  "os.OpenRoot": first,
  "os.ReadFile": first,
  "os.ReadDir": first,
  "os.DirFS": first,
  "os.Chdir": first,
  "io/ioutil.ReadFile": first,
  "io/ioutil.ReadDir": first,
  "path/filepath.Glob": first,
  "path/filepath.Walk": first,
  "path/filepath.WalkDir": first,
  "html/template.ParseFiles": all,
  "html/template.ParseGlob": first,
  "text/template.ParseFiles": all,
  "text/template.ParseGlob": first,
  "net/http.Dir": first,
  "net/http.ServeFile": [2],
  "net/http.ListenAndServeTLS": [1, 2],
  "crypto/tls.LoadX509KeyPair": [0, 1],
  "archive/zip.OpenReader": first,
  "plugin.Open": first,
  "os.CopyFS": second,
  ".ParseGlob": first,
  ".ListenAndServeTLS": [0, 1],
  // Web frameworks
  ".LoadHTMLGlob": first,
  ".LoadHTMLFiles": all,
  ".StaticFile": second,
  ".RunTLS": [1, 2],
  ".StartTLS": [1, 2],
  ".ListenTLS": [1, 2],
  ".SendFile": first,
  ".FileAttachment": first,
  ".StaticWeb": second,
  ".HandleDir": second,
  ".SetStaticPath": second,
  "github.com/astaxie/beego.SetStaticPath": second,
  "github.com/beego/beego/server/web.SetStaticPath": second,
  "github.com/gin-contrib/static.LocalFile": first,
  "github.com/valyala/fasthttp.FSHandler": first,
  "github.com/valyala/fasthttp.ServeFile": second,
  "github.com/labstack/echo/middleware.Static": first,
  "github.com/gofiber/template/html.New": first,
  "github.com/gofiber/template/django.New": first,
  "github.com/gofiber/template/handlebars.New": first,
  "github.com/gofiber/template/mustache.New": first,
  "github.com/gofiber/template/pug.New": first,
  "github.com/gofiber/fiber/middleware/static.New": first,
  "github.com/kataras/iris.HTML": first,
  "github.com/kataras/iris.Django": first,
  "github.com/flosch/pongo2.FromFile": first,
  "github.com/CloudyKit/jet.NewOSFileSystemLoader": first,
  "github.com/hoisie/mustache.RenderFile": first,
  "github.com/cbroglie/mustache.RenderFile": first,
  // Boxes read the disk where the build did not run their own embedding tool
  "github.com/GeertJohan/go.rice.FindBox": first,
  "github.com/GeertJohan/go.rice.MustFindBox": first,
  "github.com/gobuffalo/packr.NewBox": first,
  "github.com/gobuffalo/packr.New": second,
  // Configuration
  "github.com/joho/godotenv.Load": all,
  "github.com/joho/godotenv.Overload": all,
  "github.com/joho/godotenv.Read": all,
  "github.com/subosito/gotenv.Load": all,
  "github.com/spf13/viper.SetConfigFile": first,
  ".SetConfigFile": first,
  "gopkg.in/ini.Load": all,
  "github.com/go-ini/ini.Load": all,
  "github.com/BurntSushi/toml.DecodeFile": first,
  "github.com/pelletier/go-toml.LoadFile": first,
  "github.com/ilyakaznacheev/cleanenv.ReadConfig": first,
  "github.com/jinzhu/configor.Load": { from: 1 },
  "github.com/zeromicro/go-zero/core/conf.MustLoad": first,
  "github.com/tal-tech/go-zero/core/conf.MustLoad": first,
  "github.com/knadh/koanf/providers/file.Provider": first,
  "github.com/magiconair/properties.LoadFile": first,
  "github.com/magiconair/properties.MustLoadFile": first,
  "github.com/Unknwon/goconfig.LoadConfigFile": first,
  "github.com/unknwon/goconfig.LoadConfigFile": first,
  "github.com/tkanos/gonfig.GetConf": first,
  "github.com/robfig/config.ReadDefault": first,
  "gopkg.in/gcfg.ReadFileInto": second,
  "github.com/astaxie/beego.LoadAppConfig": second,
  "github.com/astaxie/beego/config.NewConfig": second,
  // Data
  "github.com/golang-migrate/migrate.New": first,
  "github.com/golang-migrate/migrate.NewWithDatabaseInstance": first,
  "github.com/mattes/migrate.New": first,
  "github.com/pressly/goose.Up": second,
  "github.com/pressly/goose.Run": [2],
  "github.com/casbin/casbin.NewEnforcer": all,
  "github.com/oschwald/geoip2-golang.Open": first,
  "github.com/oschwald/maxminddb-golang.Open": first,
  "github.com/xuri/excelize.OpenFile": first,
  "github.com/360EntSecGroup-Skylar/excelize.OpenFile": first,
  "github.com/tealeg/xlsx.OpenFile": first,
  "github.com/disintegration/imaging.Open": first,
  "github.com/fogleman/gg.LoadImage": first,
  "github.com/fogleman/gg.LoadFontFace": first,
  ".LoadFontFace": first,
  ".AddTTFFont": second,
  ".LoadMessageFile": first,
  ".MustLoadMessageFile": first,
  ".MustLoadTranslationFile": first,
  // Keys
  "google.golang.org/grpc/credentials.NewServerTLSFromFile": [0, 1],
  "google.golang.org/grpc/credentials.NewClientTLSFromFile": first,
  "google.golang.org/api/option.WithCredentialsFile": first,
};

/**
 * Method names too common to stand for a file read on their own: they count where the program imports
 * one of the modules. The path is the given argument, when it is a string.
 */
export const readingMethods: readonly {
  readonly method: string;
  readonly modules: readonly string[];
  readonly arguments: PathArguments;
}[] = [
  {
    method: ".Static",
    modules: [
      "github.com/gin-gonic/gin",
      "github.com/labstack/echo",
      "github.com/gofiber/fiber",
      "github.com/beego/beego",
    ],
    arguments: second,
  },
  { method: ".ParseFiles", modules: ["html/template", "text/template"], arguments: all },
  { method: ".File", modules: ["github.com/gin-gonic/gin"], arguments: first },
  { method: ".File", modules: ["github.com/labstack/echo"], arguments: { from: 0 } },
  { method: ".Attachment", modules: ["github.com/labstack/echo"], arguments: first },
  { method: ".Inline", modules: ["github.com/labstack/echo"], arguments: first },
  { method: ".ServeFile", modules: ["github.com/kataras/iris"], arguments: first },
  { method: ".LoadFromFile", modules: ["github.com/getkin/kin-openapi"], arguments: first },
];

/** Calls that make or change files and directories. */
export const writingCalls: Readonly<Record<string, PathArguments>> = {
  "os.Create": first,
  "os.OpenFile": first,
  "os.WriteFile": first,
  "os.Mkdir": first,
  "os.MkdirAll": first,
  "os.Rename": [0, 1],
  "os.Symlink": second,
  "os.Link": second,
  "os.Remove": first,
  "os.RemoveAll": first,
  "io/ioutil.WriteFile": first,
  ".SaveUploadedFile": second,
  ".SaveFile": second,
  ".SaveToFile": second,
  ".SaveAs": first,
  "github.com/boltdb/bolt.Open": first,
  "go.etcd.io/bbolt.Open": first,
  "github.com/asdine/storm.Open": first,
  "github.com/dgraph-io/badger.DefaultOptions": first,
  "github.com/syndtr/goleveldb/leveldb.OpenFile": first,
  "github.com/cockroachdb/pebble.Open": first,
  "github.com/tidwall/buntdb.Open": first,
  "github.com/blevesearch/bleve.New": first,
  "github.com/blevesearch/bleve.Open": first,
  "gorm.io/driver/sqlite.Open": first,
  "github.com/glebarez/sqlite.Open": first,
  "github.com/HouzuoGuo/tiedot/db.OpenDB": first,
  "github.com/disintegration/imaging.Save": second,
};

/** `database/sql`-like openers: a file when the driver in the first argument is one of `fileDrivers`. */
export const databaseOpeners: readonly string[] = [
  "database/sql.Open",
  "github.com/jmoiron/sqlx.Open",
  "github.com/jmoiron/sqlx.Connect",
  "github.com/jmoiron/sqlx.MustConnect",
  "github.com/jmoiron/sqlx.MustOpen",
  "github.com/jinzhu/gorm.Open",
  "xorm.io/xorm.NewEngine",
  "github.com/go-xorm/xorm.NewEngine",
];
export const fileDrivers: readonly string[] = ["sqlite3", "sqlite", "duckdb", "ql"];

/** Calls that start programs; `program` is the argument that names it. */
export const programCalls: Readonly<Record<string, number>> = {
  "os/exec.Command": 0,
  "os/exec.CommandContext": 1,
  "os/exec.LookPath": 0,
  "golang.org/x/sys/execabs.Command": 0,
  "golang.org/x/sys/execabs.CommandContext": 1,
  "os.StartProcess": 0,
  "syscall.Exec": 0,
  "syscall.ForkExec": 0,
  "golang.org/x/sys/unix.Exec": 0,
  "github.com/codeskyblue/go-sh.Command": 0,
  "github.com/go-cmd/cmd.NewCmd": 0,
  "github.com/bitfield/script.Exec": 0,
  "github.com/magefile/mage/sh.Run": 0,
  "github.com/magefile/mage/sh.Output": 0,
};

/** Modules that are a hand for a program: it is not in their own code. */
export const programModules: readonly { readonly path: string; readonly program: string }[] = [
  { path: "github.com/chromedp/chromedp", program: "chromium" },
  { path: "github.com/go-rod/rod", program: "chromium" },
  { path: "github.com/playwright-community/playwright-go", program: "playwright" },
  { path: "github.com/tebeka/selenium", program: "chromedriver" },
  { path: "github.com/u2takey/ffmpeg-go", program: "ffmpeg" },
  { path: "github.com/floostack/transcoder", program: "ffmpeg" },
  { path: "github.com/xfrr/goffmpeg", program: "ffmpeg" },
  { path: "github.com/jonas747/dca", program: "ffmpeg" },
  { path: "github.com/SebastiaanKlippert/go-wkhtmltopdf", program: "wkhtmltopdf" },
  { path: "github.com/wader/goutubedl", program: "yt-dlp" },
  { path: "github.com/barasher/go-exiftool", program: "exiftool" },
  { path: "github.com/Masterminds/vcs", program: "git" },
  { path: "github.com/gogs/git-module", program: "git" },
  { path: "code.gitea.io/git", program: "git" },
  { path: "github.com/hashicorp/go-getter", program: "git" },
  { path: "github.com/coreos/go-iptables", program: "iptables" },
  { path: "github.com/asticode/go-astilectron", program: "electron" },
  { path: "code.sajari.com/docconv", program: "pdftotext" },
];

/** Calls that look a user, a group or the user's home up: /etc/passwd, or the HOME variable. */
export const userCalls: readonly string[] = [
  "os/user.Current",
  "os/user.Lookup",
  "os/user.LookupId",
  "os/user.LookupGroup",
  "os/user.LookupGroupId",
  "os.UserHomeDir",
  "os.UserConfigDir",
  "os.UserCacheDir",
  "github.com/mitchellh/go-homedir.Dir",
  "github.com/mitchellh/go-homedir.Expand",
  "github.com/shibukawa/configdir.New",
];

/** Calls that load a zone by name, https://pkg.go.dev/time#LoadLocation. */
export const zoneCalls: readonly string[] = ["time.LoadLocation"];

/** Names `time.LoadLocation` knows without a zone database. */
export const builtInZones: ReadonlySet<string> = new Set(["", "UTC", "Local"]);

/** A name of the IANA zone database, https://www.iana.org/time-zones. */
export const zoneName =
  /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific|US)\/[A-Z][A-Za-z_]+(?:[/+-][A-Za-z0-9_]+)*$/;

/**
 * Zones inside longer strings: cron's prefix (https://pkg.go.dev/github.com/robfig/cron/v3#hdr-Time_zones)
 * and the MySQL driver's parameter (https://github.com/go-sql-driver/mysql#loc).
 */
export const zoneInText =
  /(?:^|\s)(?:CRON_)?TZ=(?!UTC\b|Local\b)[A-Z]|[?&]loc=(?!UTC\b|Local\b)[A-Z%]/;

/** Functions, types and variables whose use is a TLS client, or may be one. */
export const tlsClientNames: readonly string[] = [
  "net/http.Get",
  "net/http.Post",
  "net/http.PostForm",
  "net/http.Head",
  "net/http.NewRequest",
  "net/http.NewRequestWithContext",
  "net/http.Client",
  "net/http.DefaultClient",
  "net/http.Transport",
  "net/http/httputil.NewSingleHostReverseProxy",
  "net/http/httputil.ReverseProxy",
  "crypto/tls.Dial",
  "crypto/tls.DialWithDialer",
  "crypto/tls.Client",
  "crypto/x509.SystemCertPool",
  "net/smtp.SendMail",
  "net/smtp.Dial",
  "google.golang.org/grpc/credentials.NewTLS",
  "google.golang.org/grpc/credentials.NewClientTLSFromCert",
  "github.com/gorilla/websocket.Dialer",
  "github.com/gorilla/websocket.DefaultDialer",
  "github.com/PuerkitoBio/goquery.NewDocument",
  "github.com/valyala/fasthttp.Client",
  "github.com/valyala/fasthttp.Do",
  "github.com/valyala/fasthttp.Get",
];

/** Modules that are clients of servers that speak TLS. */
export const tlsClientModules: readonly string[] = `
  github.com/aws/aws-sdk-go github.com/aws/aws-sdk-go-v2 cloud.google.com/go google.golang.org/api firebase.google.com/go
  github.com/Azure/azure-sdk-for-go github.com/minio/minio-go github.com/aliyun github.com/qiniu
  golang.org/x/oauth2 golang.org/x/crypto/acme github.com/coreos/go-oidc github.com/markbates/goth
  github.com/go-resty/resty gopkg.in/resty github.com/imroc/req github.com/levigross/grequests
  github.com/parnurzeal/gorequest github.com/gocolly/colly github.com/hashicorp/go-retryablehttp
  github.com/lib/pq github.com/jackc/pgx github.com/go-sql-driver/mysql gorm.io/driver/postgres gorm.io/driver/mysql
  go.mongodb.org/mongo-driver gopkg.in/mgo github.com/globalsign/mgo github.com/go-redis/redis github.com/redis/go-redis
  github.com/gomodule/redigo github.com/denisenkom/go-mssqldb github.com/microsoft/go-mssqldb
  github.com/gocql/gocql github.com/neo4j/neo4j-go-driver github.com/influxdata github.com/elastic/go-elasticsearch
  github.com/olivere/elastic gopkg.in/olivere/elastic github.com/ClickHouse/clickhouse-go
  github.com/Shopify/sarama github.com/IBM/sarama github.com/segmentio/kafka-go github.com/nats-io
  github.com/streadway/amqp github.com/rabbitmq/amqp091-go github.com/eclipse/paho.mqtt.golang
  github.com/google/go-github github.com/xanzy/go-gitlab github.com/slack-go/slack github.com/nlopes/slack
  github.com/bwmarrin/discordgo github.com/go-telegram-bot-api/telegram-bot-api gopkg.in/telegram-bot-api
  gopkg.in/telebot gopkg.in/tucnak/telebot github.com/line/line-bot-sdk-go github.com/dghubble github.com/ChimeraCoder/anaconda
  github.com/twilio/twilio-go github.com/sendgrid github.com/mailgun gopkg.in/gomail gopkg.in/mail github.com/stripe/stripe-go
  github.com/jordan-wright/email github.com/sashabaranov/go-openai github.com/openai/openai-go github.com/zmb3/spotify
  github.com/cloudinary github.com/algolia github.com/pusher github.com/getsentry github.com/newrelic
  github.com/hashicorp/vault/api github.com/hashicorp/consul/api k8s.io/client-go github.com/go-git/go-git gopkg.in/src-d/go-git
  github.com/go-ldap/ldap gopkg.in/ldap github.com/supabase-community github.com/digitalocean/godo
  github.com/cloudflare/cloudflare-go github.com/plaid/plaid-go github.com/paypal
`
  .trim()
  .split(/\s+/);

/** Calls that make files in the temporary directory. Multipart forms spill there beyond their memory limit. */
export const temporaryFileCalls: readonly string[] = [
  "os.CreateTemp",
  "os.MkdirTemp",
  "os.TempDir",
  "io/ioutil.TempFile",
  "io/ioutil.TempDir",
  // https://pkg.go.dev/net/http#Request.ParseMultipartForm
  ".ParseMultipartForm",
  ".FormFile",
  ".MultipartForm",
  ".MultipartReader",
];

export interface ImplicitFiles {
  readonly path: string;
  /** The function, or with a dot the method, that reads them; without it the import alone does. */
  readonly call?: string;
  /** Only when the call has no arguments. */
  readonly withoutArguments?: boolean;
  readonly files: readonly string[];
  readonly source?: string;
}

/** Files that modules read by a name of their own, relative to the working directory. */
export const implicitFiles: readonly ImplicitFiles[] = [
  {
    path: "github.com/davidbanham/dotenv_safe",
    call: "Load",
    files: [".env", "example.env"],
  },
  { path: "github.com/joho/godotenv", call: "Load", withoutArguments: true, files: [".env"] },
  { path: "github.com/joho/godotenv", call: "Overload", withoutArguments: true, files: [".env"] },
  { path: "github.com/joho/godotenv", call: "Read", withoutArguments: true, files: [".env"] },
  { path: "github.com/joho/godotenv/autoload", files: [".env"] },
  { path: "github.com/subosito/gotenv", call: "Load", withoutArguments: true, files: [".env"] },
  { path: "github.com/subosito/gotenv/autoload", files: [".env"] },
  {
    path: "github.com/astaxie/beego",
    files: ["conf", "views", "static"],
    source: "https://github.com/beego/beedoc/blob/master/en-US/mvc/controller/config.md",
  },
  {
    path: "github.com/beego/beego",
    files: ["conf", "views", "static"],
    source: "https://github.com/beego/beedoc/blob/master/en-US/mvc/controller/config.md",
  },
  {
    path: "github.com/revel/revel",
    files: ["conf", "app/views", "public", "messages"],
    source: "https://revel.github.io/manual/organization.html",
  },
  {
    path: "github.com/gobuffalo/buffalo",
    files: ["templates", "public", "locales", "config", "database.yml", ".env"],
    source: "https://gobuffalo.io/documentation/getting_started/directory-structure/",
  },
  { path: "github.com/gobuffalo/pop", files: ["database.yml"] },
  { path: "github.com/gobuffalo/envy", files: [".env"] },
  {
    path: "github.com/gogf/gf",
    files: [
      "config",
      "config.yaml",
      "config.yml",
      "config.toml",
      "manifest/config",
      "manifest/i18n",
      "i18n",
      "resource",
      "template",
    ],
    source: "https://goframe.org/en/docs/core/gcfg",
  },
  { path: "github.com/go-martini/martini", call: "Classic", files: ["public"] },
  { path: "github.com/codegangsta/martini", call: "Classic", files: ["public"] },
  { path: "github.com/martini-contrib/render", files: ["templates"] },
  { path: "github.com/unrolled/render", files: ["templates"] },
  { path: "github.com/urfave/negroni", call: "Classic", files: ["public"] },
  { path: "github.com/codegangsta/negroni", call: "Classic", files: ["public"] },
  { path: "github.com/Unknwon/macaron", call: "Classic", files: ["public"] },
  { path: "github.com/Unknwon/macaron", call: "Renderer", files: ["templates"] },
  { path: "gopkg.in/macaron", call: "Classic", files: ["public"] },
  { path: "gopkg.in/macaron", call: "Renderer", files: ["templates"] },
  { path: "github.com/go-macaron/i18n", files: ["conf/locale"] },
  { path: "github.com/foolin/goview", files: ["views"] },
  { path: "github.com/rubenv/sql-migrate", files: ["dbconfig.yml"] },
  {
    path: "github.com/gookit/config",
    call: "LoadExists",
    withoutArguments: true,
    files: ["config"],
  },
];

/** Modules whose packages read files beside their own source, in the module cache the runtime does not have. */
export const sourceReadingModules: readonly { readonly path: string; readonly source?: string }[] =
  [
    {
      path: "github.com/yanyiwu/gojieba",
      source: "https://github.com/yanyiwu/gojieba/blob/master/dict_path.go",
    },
    {
      path: "github.com/go-ego/gse",
      source: "https://github.com/go-ego/gse/blob/master/dict_util.go",
    },
    { path: "github.com/huichen/sego" },
  ];

/** Configuration readers that join a name, directories and their own list of extensions. */
export const namedConfigurations: readonly {
  readonly path: string;
  readonly name: string;
  readonly directory: string;
  readonly extensions: readonly string[];
}[] = [
  {
    // https://github.com/spf13/viper/blob/master/viper.go, SupportedExts
    path: "github.com/spf13/viper",
    name: "SetConfigName",
    directory: "AddConfigPath",
    extensions: [
      "json",
      "toml",
      "yaml",
      "yml",
      "properties",
      "props",
      "prop",
      "hcl",
      "tfvars",
      "dotenv",
      "env",
      "ini",
    ],
  },
];

/**
 * Calls, by their last name, whose strings are words for people, keys or routes rather than paths.
 * A bare word in them names no directory, even where one of that name exists.
 */
export const wordCalls: ReadonlySet<string> = new Set(
  `Errorf New Wrap Wrapf WithMessage Print Printf Println Fprintf Fprintln Fprint Info Infof Infoln Infow Debug Debugf Debugln
  Debugw Warn Warnf Warnln Warning Warningf Error Errorln Errorw Fatal Fatalf Fatalln Fatalw Panic Panicf Panicln Trace
  Tracef Getenv LookupEnv Setenv BindEnv BindPFlag Get GetString GetInt GetBool GetDuration GetStringSlice IsSet SetDefault
  GET POST PUT DELETE PATCH OPTIONS HEAD Any Post Put Delete Patch Group Handle HandleFunc Route Use WithField Str With
  Query DefaultQuery Param FormValue PostForm Header Set Add Del SetHeader Contains HasPrefix HasSuffix EqualFold Replace
  ReplaceAll Split Index TrimPrefix TrimSuffix Trim Exec QueryRow Prepare Select Where Table Collection Database C DB
  ExecuteTemplate HTML Lookup Command CommandContext Render`.split(/\s+/),
);

/** The systems and processors of file name suffixes, https://go.dev/src/internal/syslist/syslist.go */
export const knownSystems: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos".split(
    " ",
  ),
);
export const knownProcessors: ReadonlySet<string> = new Set(
  "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm".split(
    " ",
  ),
);

/** Names that are about the repository, not for the program: a literal that equals one is a coincidence. */
export const repositoryNames =
  /^(?:go\.(?:mod|sum|work|work\.sum)|readme(?:\..*)?|licen[cs]e(?:\..*)?|contributing(?:\..*)?|changelog(?:\..*)?|notice|copying|makefile|dockerfile.*|.*\.dockerfile|docker-compose.*|compose\.ya?ml|\.git|\.git(?:ignore|attributes|modules|keep)|\.github|\.gitlab-ci\.yml|\.travis\.yml|\.dockerignore|\.editorconfig|\.idea|\.vscode|\.ds_store|vendor|node_modules|godeps|glide\.(?:yaml|lock)|gopkg\.(?:toml|lock)|testdata|.*\.go)$/i;

/** Whether an import path is a table's path, a version of it or a package below it. */
export function isOfModule(importPath: string, modulePath: string): boolean {
  if (!importPath.startsWith(modulePath)) return false;
  const next = importPath.charCodeAt(modulePath.length);
  return (
    Number.isNaN(next) ||
    next === 47 ||
    (next === 46 && /^\.v\d/.test(importPath.slice(modulePath.length)))
  );
}

/**
 * An import path without its major version, as the tables write it.
 *
 * @example withoutVersion("gopkg.in/ini.v1") // "gopkg.in/ini"
 */
export function withoutVersion(importPath: string): string {
  return importPath.replace(/\/v\d+(?=\/|$)/, "").replace(/\.v\d+(?=\/|$)/, "");
}
