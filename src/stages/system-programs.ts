/**
 * Which package of a small base image, or beside it, brings a program: data. Each table lists programs by
 * the package that brings them, as the distributions do.
 */

/** `debian` stands for Ubuntu too, where its packages have the same names. */
export type PackageDistribution = "alpine" | "debian";

/**
 * What brings a program: `base` is the small base image itself (alpine, debian-slim), anything else a package.
 * Absent: nothing does, or not in every release.
 */
export interface SystemProgram {
  readonly alpine?: string;
  readonly debian?: string;
  /** Alpine's own version does the same in plain use, so that a script written on Debian runs on it. */
  readonly isPortable?: boolean;
}

type ProgramsByPackage = Readonly<Record<string, string>>;

/**
 * Names that hold from Alpine 3.12 on. A program that busybox has in some releases only is listed with its package.
 * Sources: https://pkgs.alpinelinux.org/contents, the `APKBUILD` files and busybox's `busyboxconfig` of
 * https://gitlab.alpinelinux.org/alpine/aports; `base` is busybox, ssl_client, apk-tools, scanelf and musl-utils.
 */
const ALPINE: ProgramsByPackage = {
  base: `[ acpid add-shell addgroup adduser adjtimex apk arch arp arping ash awk base64 basename blkdiscard blkid
    blockdev brctl bunzip2 busybox bzcat bzip2 cal cat chgrp chmod chown chpasswd chroot chvt cksum clear cmp
    comm cp cpio crond crontab cryptpw cut date dc dd deallocvt delgroup deluser depmod df diff dirname
    dmesg dnsdomainname dos2unix du dumpkmap echo ed egrep eject env ether-wake expand expr factor fallocate false
    fatattr fbset fdflush fdisk fgrep find findfs flock fold free fsck fstrim fsync fuser getconf getent getopt
    getty grep groups gunzip gzip halt hd head hexdump hostid hostname hwclock iconv id ifconfig ifdown
    ifenslave ifup init inotifyd insmod install ionice iostat ip ipaddr ipcalc ipcrm ipcs iplink ipneigh
    iproute iprule iptunnel kbd_mode kill killall killall5 klogd ldconfig ldd less link linux32 linux64 ln
    loadfont loadkmap logger login logread losetup ls lsmod lsof lsusb lzcat lzma lzop lzopcat
    md5sum mdev mesg microcom mkdir mkdosfs mkfifo mkfs.vfat mknod mkpasswd mkswap mktemp modinfo modprobe
    more mount mountpoint mpstat mv nameif nbd-client nc netstat nice nl nmeter nohup nologin nproc nsenter
    nslookup ntpd od openvt partprobe passwd paste pgrep pidof ping ping6 pkill pmap poweroff printenv printf ps
    pscan pstree pwd pwdx rdate readahead readlink realpath reboot remove-shell renice reset resize rev rfkill
    rm rmdir rmmod route run-parts scanelf sed sendmail seq setconsole setfont setkeycodes setlogcons setpriv
    setserial setsid sh sha1sum sha256sum sha3sum sha512sum showkey shred shuf slattach sleep sort split
    ssl_client stat strings stty su sum swapoff swapon switch_root sync sysctl syslogd tac tail tar tee test time
    timeout top touch tr traceroute traceroute6 true truncate tty ttysize tunctl udhcpc umount uname unexpand
    uniq unix2dos unlink unlzma unlzop unshare unxz unzip uptime usleep uudecode uuencode vconfig vi vlock
    volname watch watchdog wc wget which whoami whois xargs xxd xzcat yes zcat`,
  acl: "getfacl setfacl",
  "alsa-utils": "aplay arecord amixer alsamixer speaker-test",
  ansible: "ansible ansible-playbook ansible-galaxy ansible-vault ansible-inventory",
  apache2: "httpd",
  "apache2-utils": "ab htpasswd htdigest rotatelogs",
  aria2: "aria2c",
  attr: "getfattr setfattr attr",
  autossh: "autossh",
  avahi: "avahi-daemon",
  "avahi-tools": "avahi-browse avahi-publish avahi-resolve",
  bash: "bash",
  bc: "bc",
  bind: "named rndc",
  "bind-tools": "dig host nslookup nsupdate delv",
  binutils: "ar as ld nm objcopy objdump ranlib readelf strip addr2line",
  bird: "bird birdc",
  borgbackup: "borg",
  "bridge-utils": "brctl",
  brotli: "brotli",
  "btrfs-progs": "btrfs mkfs.btrfs",
  "busybox-extras": "telnet telnetd ftpget ftpput ftpd dnsd inetd tftp tftpd fakeidentd udhcpd",
  bzip2: "bzip2 bunzip2 bzcat",
  "ca-certificates": "update-ca-certificates",
  chromium: "chromium-browser",
  "chromium-chromedriver": "chromedriver",
  chrony: "chronyd chronyc",
  "cifs-utils": "mount.cifs",
  clamav: "clamscan freshclam clamd",
  cmake: "cmake ctest cpack",
  "conntrack-tools": "conntrack conntrackd",
  coreutils: `b2sum base32 basenc chcon csplit dir dircolors fmt join logname numfmt pathchk pinky pr ptx runcon
    sha224sum sha384sum stdbuf tsort users vdir who [ arch base64 basename cat chgrp chmod chown chroot cksum comm cp
    cut date dd df dirname du echo env expand expr factor false fold groups head hostid id install kill link ln ls
    md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc od paste printenv printf pwd readlink realpath rm rmdir
    seq sha1sum sha256sum sha512sum shred shuf sleep sort split stat stty sum sync tac tail tee test timeout touch tr
    true truncate tty uname unexpand uniq unlink uptime wc whoami yes`,
  cpio: "cpio",
  cronie: "crond crontab",
  cryptsetup: "cryptsetup",
  curl: "curl",
  dash: "dash",
  dcron: "crond crontab",
  dhcpcd: "dhcpcd",
  dialog: "dialog",
  diffutils: "diff3 sdiff cmp diff",
  dmidecode: "dmidecode",
  dnsmasq: "dnsmasq",
  "docker-cli": "docker",
  dosfstools: "fsck.vfat fsck.fat mkfs.fat",
  dpkg: "dpkg dpkg-deb dpkg-query update-alternatives",
  dropbear: "dropbear dropbearkey",
  "dumb-init": "dumb-init",
  e2fsprogs: "e2fsck fsck.ext4 mke2fs mkfs.ext2 mkfs.ext3 mkfs.ext4",
  "e2fsprogs-extra": "chattr lsattr resize2fs tune2fs debugfs dumpe2fs",
  ebtables: "ebtables",
  entr: "entr",
  "espeak-ng": "espeak-ng",
  ethtool: "ethtool",
  eudev: "udevadm udevd",
  exiftool: "exiftool",
  exiv2: "exiv2",
  expect: "expect unbuffer",
  fail2ban: "fail2ban-client fail2ban-server",
  ffmpeg: "ffmpeg ffprobe",
  figlet: "figlet",
  file: "file",
  findutils: "find xargs",
  fontconfig: "fc-cache fc-list fc-match",
  fping: "fping",
  freeradius: "radiusd",
  fuse: "fusermount ulockmgr_server",
  fuse3: "fusermount3",
  "g++": "g++ c++",
  gawk: "gawk awk",
  gcc: "gcc cc cpp",
  gdb: "gdb",
  gettext: "envsubst gettext ngettext msgfmt xgettext msgmerge",
  ghostscript: "gs ps2pdf pdf2ps ps2ps eps2eps",
  gifsicle: "gifsicle",
  git: "git git-receive-pack git-shell git-upload-archive git-upload-pack",
  "git-lfs": "git-lfs",
  gnupg: "gpg gpgconf gpg-agent gpg-connect-agent gpgsm gpgv dirmngr",
  gnuplot: "gnuplot",
  "gnutls-utils": "certtool gnutls-cli",
  graphicsmagick: "gm",
  graphviz: "dot neato fdp circo twopi sfdp",
  grep: "grep egrep fgrep",
  groff: "groff",
  gzip: "zgrep zdiff zless zmore gzip gunzip zcat",
  haproxy: "haproxy",
  hdparm: "hdparm",
  htop: "htop",
  iftop: "iftop",
  imagemagick:
    "magick convert identify mogrify composite montage compare import animate display conjure stream",
  inkscape: "inkscape",
  "inotify-tools": "inotifywait inotifywatch",
  iotop: "iotop",
  iperf: "iperf",
  iperf3: "iperf3",
  iproute2: "ss tc bridge lnstat nstat ifstat rtmon ip genl devlink",
  ipset: "ipset",
  iptables: `iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore`,
  iputils: "ping arping tracepath clockdiff",
  ipvsadm: "ipvsadm",
  iw: "iw",
  jpegoptim: "jpegoptim",
  jq: "jq",
  keepalived: "keepalived",
  kmod: "kmod modprobe lsmod insmod rmmod modinfo depmod",
  krb5: "kinit klist kdestroy kpasswd",
  lame: "lame",
  "ldns-tools": "drill",
  less: "less",
  libcap: "setcap getcap capsh getpcaps",
  libnotify: "notify-send",
  libreoffice: "libreoffice soffice",
  "libvirt-client": "virsh",
  "libwebp-tools": "cwebp dwebp gif2webp webpmux webpinfo",
  "libxml2-utils": "xmllint xmlcatalog",
  libxslt: "xsltproc",
  lighttpd: "lighttpd",
  logrotate: "logrotate",
  lsblk: "lsblk",
  lsof: "lsof",
  "lua5.3": "lua5.3",
  lvm2: "lvm lvcreate lvremove lvs pvs vgs pvcreate vgcreate",
  lynx: "lynx",
  lz4: "lz4 unlz4 lz4c",
  lzip: "lzip",
  m4: "m4",
  make: "make gmake",
  "mariadb-client": "mysql mysqldump mysqladmin mysqlcheck mysqlimport mariadb mariadb-dump",
  mc: "mc mcedit",
  mdadm: "mdadm",
  mediainfo: "mediainfo",
  memcached: "memcached",
  mercurial: "hg",
  minicom: "minicom",
  mosquitto: "mosquitto mosquitto_passwd",
  "mosquitto-clients": "mosquitto_pub mosquitto_sub mosquitto_rr",
  mpg123: "mpg123",
  mplayer: "mplayer",
  mpv: "mpv",
  msmtp: "msmtp",
  mtr: "mtr",
  mutt: "mutt",
  nano: "nano rnano",
  ncurses: "tput tset tic infocmp tabs clear reset",
  "net-snmp-tools": "snmpget snmpwalk snmpset snmptrap snmpbulkwalk",
  "net-tools": "ifconfig netstat route arp nameif slattach mii-tool plipconfig",
  "netcat-openbsd": "nc",
  "nfs-utils": "exportfs mount.nfs showmount",
  nftables: "nft",
  nginx: "nginx",
  nmap: "nmap",
  "nmap-ncat": "ncat",
  "nmap-nping": "nping",
  nodejs: "node",
  npm: "npm npx",
  "oath-toolkit-oathtool": "oathtool",
  "openldap-clients": "ldapsearch ldapadd ldapmodify ldapdelete ldappasswd ldapwhoami",
  openrc: "rc-service rc-update rc-status openrc openrc-run",
  "openssh-client": "ssh scp sftp ssh-add ssh-agent ssh-copy-id ssh-keyscan",
  "openssh-keygen": "ssh-keygen",
  "openssh-server": "sshd",
  openssl: "openssl",
  openvpn: "openvpn",
  optipng: "optipng",
  p7zip: "7z",
  parallel: "parallel",
  parted: "parted partprobe",
  patch: "patch",
  pciutils: "lspci setpci",
  "pcsc-lite": "pcscd",
  perl: "perl perldoc pod2man cpan",
  pigz: "pigz unpigz",
  pkgconf: "pkg-config pkgconf",
  pngquant: "pngquant",
  podman: "podman",
  "poppler-utils": `pdftotext pdftoppm pdfinfo pdfimages pdftocairo pdfunite pdfseparate pdffonts pdftohtml pdftops
    pdfdetach pdfattach`,
  postfix: "postfix postconf postmap",
  "postgresql-client": "psql pg_dump pg_dumpall pg_restore pg_isready pg_basebackup",
  potrace: "potrace",
  ppp: "pppd",
  procps: "w vmstat slabtop free pgrep pidof pkill pmap ps pwdx sysctl tload top uptime watch",
  protoc: "protoc",
  "proxychains-ng": "proxychains4",
  psmisc: "fuser killall pstree peekfd prtstat",
  pulseaudio: "pulseaudio",
  "pulseaudio-utils": "pactl pacmd paplay parec",
  pv: "pv",
  pwgen: "pwgen",
  "py3-pip": "pip pip3",
  "py3-virtualenv": "virtualenv",
  python3: "python3",
  "qemu-img": "qemu-img",
  qpdf: "qpdf",
  "quota-tools": "quota setquota repquota quotacheck",
  rclone: "rclone",
  redis: "redis-cli redis-server redis-benchmark",
  restic: "restic",
  rrdtool: "rrdtool",
  rsync: "rsync",
  rsyslog: "rsyslogd",
  ruby: "ruby",
  runit: "runsv runsvdir sv chpst svlogd",
  s6: "s6-svscan s6-supervise s6-svc s6-setuidgid",
  "samba-client": "smbclient",
  "samba-server": "smbd",
  "sane-utils": "scanimage",
  screen: "screen",
  sed: "sed",
  sgdisk: "sgdisk",
  shadow: "useradd userdel usermod groupadd groupdel groupmod gpasswd chage",
  shellcheck: "shellcheck",
  skopeo: "skopeo",
  smartmontools: "smartctl smartd",
  socat: "socat",
  sox: "sox soxi play rec",
  sqlite: "sqlite3",
  "squashfs-tools": "mksquashfs unsquashfs",
  squid: "squid",
  sshfs: "sshfs",
  sshpass: "sshpass",
  strace: "strace",
  "stress-ng": "stress-ng",
  stunnel: "stunnel",
  "su-exec": "su-exec",
  subversion: "svn svnadmin svnlook svnserve svnsync svnversion",
  sudo: "sudo sudoedit visudo",
  supervisor: "supervisord supervisorctl",
  sysstat: "sar pidstat mpstat iostat",
  tar: "tar",
  tcl: "tclsh",
  tcpdump: "tcpdump",
  "tesseract-ocr": "tesseract",
  tini: "tini",
  tmux: "tmux",
  tor: "tor",
  torsocks: "torsocks torify",
  traceroute: "traceroute",
  tree: "tree",
  udisks2: "udisksctl",
  unbound: "unbound unbound-control unbound-checkconf",
  unzip: "funzip unzipsfx zipinfo unzip",
  usbutils: "lsusb usb-devices",
  "util-linux":
    "findmnt lscpu lsns column script uuidgen whereis taskset chrt mcookie runuser prlimit",
  vim: "vim view vimdiff",
  "vips-tools": "vips vipsthumbnail",
  vlc: "cvlc vlc",
  vsftpd: "vsftpd",
  wget: "wget",
  whois: "whois mkpasswd",
  "wireguard-tools": "wg wg-quick",
  "wireless-tools": "iwconfig iwlist",
  wpa_supplicant: "wpa_supplicant wpa_cli",
  xauth: "xauth",
  xclip: "xclip",
  xdotool: "xdotool",
  xfsprogs: "mkfs.xfs xfs_repair",
  xmlstarlet: "xmlstarlet",
  xvfb: "Xvfb",
  "xvfb-run": "xvfb-run",
  xz: "xz lzmadec xzdec unxz xzcat lzma unlzma lzcat",
  yarn: "yarn",
  zbar: "zbarimg zbarcam",
  zip: "zip zipnote zipsplit",
  zsh: "zsh",
  zstd: "zstd unzstd zstdcat zstdmt",
};

/**
 * Names that hold from Debian 11 to 13, told from their `Contents-amd64` indices; a metapackage counts with what
 * it depends on. `base` is what all three slim images have: the essential and the required packages and apt.
 * Sources: https://packages.debian.org, https://github.com/debuerreotype/debuerreotype.
 */
const DEBIAN: ProgramsByPackage = {
  base: `[ add-shell apt apt-cache apt-config apt-get apt-mark arch awk b2sum base32 base64 basename basenc bash
    blkdiscard blkid blockdev captoinfo cat chage chcon chfn chgrp chmod choom chown chpasswd chroot chrt chsh
    cksum clear cmp comm cp csplit cut dash date dd debconf debconf-set-selections df diff diff3 dir dircolors
    dirname dmesg dnsdomainname domainname dpkg dpkg-deb dpkg-divert dpkg-query dpkg-reconfigure dpkg-statoverride du
    echo egrep env expand expr factor fallocate false fgrep find findfs findmnt flock fmt fold fsck fsfreeze
    fstrim getconf getent getopt getty gpasswd grep groupadd groupdel groupmod groups gunzip gzip head hostid
    hostname iconv id infocmp install ionice ipcmk ipcrm ipcs join killall5 ldconfig ldd link linux32 linux64 ln
    locale localedef logger login logname losetup ls lsblk lscpu lsipc lslocks lsmem lsns mawk mcookie md5sum mkdir
    mkfifo mkfs mknod mkswap mktemp more mount mountpoint mv namei newgrp newusers nice nl nohup nologin nproc
    nsenter numfmt od paste passwd pathchk perl pidof pinky pivot_root pr printenv printf prlimit ptx pwck pwd rbash
    readlink realpath remove-shell renice reset rev rgrep rm rmdir run-parts runcon runuser savelog script
    scriptreplay sdiff sed seq service setarch setpriv setsid setterm sh sha1sum sha224sum sha256sum
    sha384sum sha512sum shred shuf sleep sort split start-stop-daemon stat stdbuf stty su sum swapoff swapon
    switch_root sync tabs tac tail tar taskset tee test tic timeout touch tput tr true truncate tset
    tsort tty umount uname uncompress unexpand uniq unlink unshare update-alternatives useradd userdel usermod users
    vdir vipw wall wc whereis which who whoami wipefs xargs yes zcat zdiff zdump zgrep zless zmore`,
  acl: "getfacl setfacl",
  acpid: "acpid",
  adduser: "addgroup adduser delgroup deluser",
  "alsa-utils": "aplay arecord amixer alsamixer speaker-test",
  ansible: "ansible ansible-playbook ansible-galaxy ansible-vault ansible-inventory",
  apache2: "apache2 apache2ctl apachectl",
  "apache2-utils": "ab htpasswd htdigest rotatelogs",
  aria2: "aria2c",
  attr: "getfattr setfattr attr",
  autossh: "autossh",
  "avahi-daemon": "avahi-daemon",
  "avahi-utils": "avahi-browse avahi-publish avahi-resolve",
  awscli: "aws",
  bc: "bc",
  bind9: "named",
  "bind9-dnsutils": "dig nslookup nsupdate delv",
  "bind9-host": "host",
  binutils: "ar as ld nm objcopy objdump ranlib readelf strip addr2line strings",
  bird2: "bird birdc",
  borgbackup: "borg",
  "bridge-utils": "brctl",
  brotli: "brotli",
  bsdextrautils: "column hexdump hd look ul",
  "btrfs-progs": "btrfs mkfs.btrfs",
  busybox: "busybox",
  bzip2: "bunzip2 bzcat bzip2",
  "ca-certificates": "update-ca-certificates",
  calibre: "ebook-convert",
  chromium: "chromium",
  "chromium-driver": "chromedriver",
  chrony: "chronyd chronyc",
  "cifs-utils": "mount.cifs",
  clamav: "clamscan sigtool",
  "clamav-daemon": "clamd",
  "clamav-freshclam": "freshclam",
  clamdscan: "clamdscan",
  cmake: "cmake ctest cpack",
  conntrack: "conntrack",
  cpio: "cpio",
  cpp: "cpp",
  cron: "cron crontab",
  "cryptsetup-bin": "cryptsetup",
  "cups-client": "lp lpstat lpadmin",
  curl: "curl",
  cutycapt: "cutycapt",
  daemontools: "envdir setuidgid softlimit",
  dc: "dc",
  "default-jre-headless": "java",
  "default-mysql-client": "mysql mysqldump mysqladmin mysqlcheck mysqlimport mariadb mariadb-dump",
  dialog: "dialog",
  dirmngr: "dirmngr",
  dmidecode: "dmidecode",
  "dnsmasq-base": "dnsmasq",
  "docker-compose": "docker-compose",
  dos2unix: "dos2unix unix2dos",
  dosfstools: "mkfs.vfat mkfs.fat fsck.vfat fsck.fat mkdosfs",
  "dropbear-bin": "dropbear dropbearkey",
  "dumb-init": "dumb-init",
  e2fsprogs: `chattr lsattr e2fsck fsck.ext4 mke2fs mkfs.ext2 mkfs.ext3 mkfs.ext4 resize2fs tune2fs debugfs
    dumpe2fs`,
  ebtables: "ebtables",
  ed: "ed",
  eject: "eject",
  entr: "entr",
  espeak: "espeak",
  "espeak-ng": "espeak-ng",
  etherwake: "etherwake",
  ethtool: "ethtool",
  exiv2: "exiv2",
  expect: "expect unbuffer",
  fail2ban: "fail2ban-client fail2ban-server",
  fdisk: "fdisk cfdisk sfdisk",
  ffmpeg: "ffmpeg ffprobe ffplay",
  figlet: "figlet",
  file: "file",
  fontconfig: "fc-cache fc-list fc-match",
  fping: "fping",
  freeradius: "freeradius",
  fuse3: "fusermount fusermount3",
  "g++": "g++ c++",
  gawk: "gawk",
  gcc: "gcc cc",
  gdb: "gdb",
  gdisk: "sgdisk gdisk",
  gettext: "msgfmt xgettext msgmerge",
  "gettext-base": "envsubst gettext ngettext",
  ghostscript: "gs ps2pdf pdf2ps ps2ps eps2eps",
  gifsicle: "gifsicle",
  git: "git git-receive-pack git-shell git-upload-archive git-upload-pack",
  "git-lfs": "git-lfs",
  gnupg: "gpg gpgconf gpg-agent gpg-connect-agent gpgsm",
  gnupg2: "gpg2",
  gnuplot: "gnuplot",
  "gnutls-bin": "certtool gnutls-cli",
  gosu: "gosu",
  gpgv: "gpgv",
  graphicsmagick: "gm",
  graphviz: "dot neato fdp circo twopi sfdp",
  "groff-base": "groff",
  haproxy: "haproxy",
  hdparm: "hdparm",
  hping3: "hping3",
  htop: "htop",
  iftop: "iftop",
  ifupdown: "ifup ifdown",
  imagemagick:
    "convert identify mogrify composite montage compare import animate display conjure stream",
  inkscape: "inkscape",
  "inotify-tools": "inotifywait inotifywatch",
  iotop: "iotop",
  ipcalc: "ipcalc",
  iperf: "iperf",
  iperf3: "iperf3",
  iproute2: "ip ss tc bridge lnstat nstat rtmon genl devlink",
  ipset: "ipset",
  iptables: "iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore",
  "iputils-arping": "arping",
  "iputils-ping": "ping ping4 ping6",
  "iputils-tracepath": "tracepath",
  ipvsadm: "ipvsadm",
  iw: "iw",
  jpegoptim: "jpegoptim",
  jq: "jq",
  keepalived: "keepalived",
  kmod: "kmod lsmod modinfo modprobe insmod rmmod depmod",
  "krb5-user": "kinit klist kdestroy kpasswd",
  "kubernetes-client": "kubectl",
  lame: "lame",
  "ldap-utils": "ldapsearch ldapadd ldapmodify ldapdelete ldappasswd ldapwhoami",
  ldnsutils: "drill",
  less: "less",
  "libcap2-bin": "setcap getcap capsh getpcaps",
  "libimage-exiftool-perl": "exiftool",
  "libnotify-bin": "notify-send",
  libreoffice: "libreoffice soffice",
  "librsvg2-bin": "rsvg-convert",
  "libvips-tools": "vips vipsthumbnail",
  "libvirt-clients": "virsh",
  "libxml2-utils": "xmllint xmlcatalog",
  lighttpd: "lighttpd",
  locales: "locale-gen update-locale",
  logrotate: "logrotate",
  lsof: "lsof",
  "lua5.3": "lua5.3",
  lvm2: "lvm lvcreate lvremove lvs pvs vgs pvcreate vgcreate",
  lynx: "lynx",
  lz4: "lz4 unlz4 lz4c",
  lzip: "lzip",
  lzop: "lzop",
  m4: "m4",
  make: "make gmake",
  mc: "mc mcedit",
  mdadm: "mdadm",
  mediainfo: "mediainfo",
  memcached: "memcached",
  mercurial: "hg",
  minicom: "minicom",
  mosquitto: "mosquitto mosquitto_passwd",
  "mosquitto-clients": "mosquitto_pub mosquitto_sub mosquitto_rr",
  mpg123: "mpg123",
  mplayer: "mplayer",
  mpv: "mpv",
  msmtp: "msmtp",
  "mtr-tiny": "mtr",
  "mupdf-tools": "mutool",
  mutt: "mutt",
  nano: "nano rnano",
  "nbd-client": "nbd-client",
  ncal: "cal ncal",
  ncat: "ncat",
  "net-tools": "ifconfig netstat route arp nameif slattach mii-tool plipconfig",
  "netcat-openbsd": "nc netcat",
  "nfs-common": "mount.nfs showmount",
  nftables: "nft",
  nginx: "nginx",
  nmap: "nmap nping",
  nodejs: "node",
  npm: "npm npx",
  ntpsec: "ntpd",
  oathtool: "oathtool",
  "openssh-client": "ssh scp sftp ssh-add ssh-agent ssh-copy-id ssh-keygen ssh-keyscan",
  "openssh-server": "sshd",
  openssl: "openssl c_rehash",
  openvpn: "openvpn",
  optipng: "optipng",
  "p7zip-full": "7z 7za 7zr",
  pandoc: "pandoc",
  parallel: "parallel",
  parted: "parted partprobe",
  patch: "patch",
  pciutils: "lspci setpci",
  pcscd: "pcscd",
  "pdftk-java": "pdftk",
  perl: "cpan pod2man",
  pigz: "pigz unpigz",
  pixz: "pixz",
  "pkg-config": "pkg-config",
  pngquant: "pngquant",
  podman: "podman",
  "poppler-utils": `pdftotext pdftoppm pdfinfo pdfimages pdftocairo pdfunite pdfseparate pdffonts pdftohtml pdftops
    pdfdetach pdfattach`,
  postfix: "postfix postconf postmap",
  "postgresql-client": "psql pg_dump pg_dumpall pg_restore pg_isready pg_basebackup",
  potrace: "potrace",
  ppp: "pppd",
  procps: "w vmstat slabtop free kill pgrep pkill pmap ps pwdx sysctl tload top uptime watch",
  "protobuf-compiler": "protoc",
  proxychains4: "proxychains4",
  psmisc: "fuser killall pstree peekfd prtstat",
  pulseaudio: "pulseaudio",
  "pulseaudio-utils": "pactl pacmd paplay parec",
  pv: "pv",
  pwgen: "pwgen",
  "python-is-python3": "python",
  python3: "python3",
  "python3-pip": "pip pip3",
  "python3-virtualenv": "virtualenv",
  "qemu-utils": "qemu-img qemu-nbd qemu-io",
  qpdf: "qpdf",
  quota: "quota setquota repquota quotacheck",
  rclone: "rclone",
  rdate: "rdate",
  "redis-server": "redis-server",
  "redis-tools": "redis-cli redis-benchmark",
  restic: "restic",
  rfkill: "rfkill",
  rrdtool: "rrdtool",
  rsync: "rsync",
  rsyslog: "rsyslogd",
  ruby: "ruby erb gem irb",
  runit: "runsv runsvdir sv chpst svlogd",
  s3cmd: "s3cmd",
  s6: "s6-svscan s6-supervise s6-svc s6-setuidgid",
  samba: "smbd",
  "sane-utils": "scanimage",
  screen: "screen",
  sharutils: "uuencode uudecode",
  shellcheck: "shellcheck",
  skopeo: "skopeo",
  smartmontools: "smartctl smartd",
  smbclient: "smbclient",
  snmp: "snmpget snmpwalk snmpset snmptrap snmpbulkwalk",
  socat: "socat",
  sox: "sox soxi play rec",
  sqlite3: "sqlite3",
  "squashfs-tools": "mksquashfs unsquashfs",
  squid: "squid",
  sshfs: "sshfs",
  sshpass: "sshpass",
  strace: "strace",
  "stress-ng": "stress-ng",
  stunnel4: "stunnel stunnel4",
  subversion: "svn svnadmin svnlook svnserve svnsync svnversion",
  sudo: "sudo sudoedit visudo",
  supervisor: "supervisord supervisorctl",
  swaks: "swaks",
  sysstat: "sar pidstat mpstat iostat",
  systemd: "systemctl journalctl",
  "systemd-sysv": "halt poweroff reboot init",
  tcl: "tclsh",
  tcpdump: "tcpdump",
  telnet: "telnet",
  "tesseract-ocr": "tesseract",
  "texlive-latex-base": "pdflatex latex",
  time: "time",
  tini: "tini",
  tmux: "tmux",
  tor: "tor",
  torsocks: "torsocks",
  traceroute: "traceroute",
  tree: "tree",
  ttyrec: "ttyrec",
  udev: "udevadm",
  udisks2: "udisksctl",
  "uml-utilities": "tunctl",
  unbound: "unbound unbound-control unbound-checkconf",
  "unrar-free": "unrar-free",
  unzip: "unzip funzip unzipsfx zipinfo",
  usbutils: "lsusb usb-devices",
  "uuid-runtime": "uuidgen",
  vim: "vim view vimdiff",
  vlan: "vconfig",
  "vlc-bin": "cvlc vlc",
  "vorbis-tools": "oggenc oggdec",
  vsftpd: "vsftpd",
  webp: "cwebp dwebp gif2webp webpmux webpinfo",
  wget: "wget",
  whois: "whois mkpasswd",
  "wireguard-tools": "wg wg-quick",
  "wireless-tools": "iwconfig iwlist",
  wpasupplicant: "wpa_supplicant wpa_cli",
  x11vnc: "x11vnc",
  xauth: "xauth",
  xclip: "xclip",
  xdotool: "xdotool",
  xfsprogs: "mkfs.xfs xfs_repair",
  xmlstarlet: "xmlstarlet",
  xsltproc: "xsltproc",
  xvfb: "Xvfb xvfb-run",
  xxd: "xxd",
  "xz-utils": "xz unxz xzcat lzma unlzma lzcat",
  "zbar-tools": "zbarimg zbarcam",
  zip: "zip zipnote zipsplit",
  zsh: "zsh",
  zstd: "zstd unzstd zstdcat zstdmt",
};

/** Where no one package brings a program in all of Debian's releases above: the package by release. */
const RELEASE_PROGRAMS: Readonly<
  Record<string, Partial<Record<PackageDistribution, Readonly<Record<string, string>>>>>
> = {
  docker: { debian: { bullseye: "docker.io", bookworm: "docker.io", trixie: "docker-cli" } },
  magick: { debian: { trixie: "imagemagick" } },
  wkhtmltopdf: { debian: { bullseye: "wkhtmltopdf", bookworm: "wkhtmltopdf" } },
  "yt-dlp": { debian: { bookworm: "yt-dlp", trixie: "yt-dlp" } },
};

/**
 * Programs of busybox whose plain use is that of GNU. Left out are those whose GNU options stand in many scripts
 * (`grep -P`, `sed -i.bak`, `date -d`, `find -printf`, `xargs -d`, `sort -V`, `base64 --decode`, `hostname -I`,
 * `timeout`, whose syntax was another one up to Alpine 3.8), whose output is another one (`ps`, `df`, `ip`, `top`),
 * and `adduser`, `addgroup`. Source: https://busybox.net/downloads/BusyBox.html
 */
const PORTABLE_PROGRAMS = `[ basename bunzip2 bzcat cat chgrp chmod chown chpasswd chroot cksum clear cmp comm
    cp cut dirname echo env expr false fold groups gunzip head id install kill killall link ln logger ls md5sum mkdir
    mkfifo mknod mktemp mv nice nohup nologin nproc paste pgrep pidof pkill printenv printf pwd readlink realpath renice
    rev rm rmdir seq setsid sh sha1sum sha256sum sha512sum sleep su sum sync sysctl tac tail tee test touch tr true
    truncate tty uname unexpand expand uniq unlink wc which whoami yes zcat`;

export const SYSTEM_PROGRAMS: Readonly<Record<string, SystemProgram>> = joinPrograms();

/**
 * Programs, beside those of debian-slim, that golang's Debian images bring: buildpack-deps:scm (curl, gnupg, wget,
 * git, mercurial, openssh-client, subversion, procps; bzr up to bullseye), g++, gcc, make and pkg-config, with what
 * these depend on. Some tags lack a few of them: what any of them has counts.
 * Sources: https://github.com/docker-library/buildpack-deps, https://github.com/docker-library/golang
 */
export const GOLANG_DEBIAN_PROGRAMS: ReadonlySet<string> = new Set(
  wordsOf(`addgroup addr2line adduser ar as brz bzr c++ c++filt c89 c99 c_rehash cc cpan cpp curl delgroup deluser dirmngr free g++ gcc gcc-ar gcov
    gencat git git-receive-pack git-shell git-upload-archive git-upload-pack gmake gpg gpg-agent gpg-connect-agent
    gpgconf gpgsm gpgv gprof hg json_pp kill ld make nm objcopy objdump openssl perldoc pgrep pidwait pinentry
    pinentry-curses pkg-config pkgconf pkill pmap pod2man prove ps pwdx pydoc3 python python2 python3 ranlib readelf
    rpcgen scp select-editor sftp shasum size skill slabtop snice ssh ssh-add ssh-agent ssh-copy-id ssh-keygen
    ssh-keyscan strings strip svn svnadmin svndumpfilter svnlook svnmucc svnrdump svnserve svnsync svnversion sysctl
    tload top ucf update-ca-certificates uptime vmstat w watch wget`),
);

/**
 * Programs that buildpack-deps' largest image brings beside those of buildpack-deps:scm.
 * Source: https://github.com/docker-library/buildpack-deps/blob/master/Dockerfile.template
 */
export const BUILDPACK_PROGRAMS: ReadonlySet<string> = new Set(
  wordsOf(`animate autoconf automake bunzip2 bzip2 bzcat compare composite conjure convert dpkg-buildpackage file
    identify import libtool magick magick-script mogrify montage patch stream unzip xz xzcat unxz zipinfo unzipsfx`),
);

/**
 * The package of a distribution that brings a program, `base` where the small base image has it.
 *
 * @param release Debian's code name or Alpine's version, where it is known.
 * @example packageOf("psql", "alpine") // "postgresql-client"
 */
export function packageOf(
  program: string,
  distribution: PackageDistribution,
  release?: string,
): string | undefined {
  if (release !== undefined && Object.hasOwn(RELEASE_PROGRAMS, program)) {
    const byRelease = RELEASE_PROGRAMS[program]![distribution];
    if (byRelease !== undefined) return byRelease[release];
  }
  return Object.hasOwn(SYSTEM_PROGRAMS, program)
    ? SYSTEM_PROGRAMS[program]![distribution]
    : undefined;
}

/** The programs that a package of either distribution brings, as far as the tables tell. */
export function programsOfPackage(name: string): readonly string[] {
  if (name === "base") return [];
  const byRelease = Object.entries(RELEASE_PROGRAMS).flatMap(([program, distributions]) =>
    Object.values(distributions).some((packages) => Object.values(packages).includes(name))
      ? [program]
      : [],
  );
  const listed = [ALPINE, DEBIAN].flatMap((table) =>
    Object.hasOwn(table, name) ? wordsOf(table[name]!) : [],
  );
  return [...new Set([...listed, ...byRelease])];
}

function joinPrograms(): Record<string, SystemProgram> {
  const alpine = packagesByProgram(ALPINE);
  const debian = packagesByProgram(DEBIAN);
  const portable = new Set(wordsOf(PORTABLE_PROGRAMS));
  return Object.fromEntries(
    [...new Set([...alpine.keys(), ...debian.keys()])].map((program) => [
      program,
      {
        ...(alpine.has(program) ? { alpine: alpine.get(program)! } : {}),
        ...(debian.has(program) ? { debian: debian.get(program)! } : {}),
        ...(portable.has(program) ? { isPortable: true } : {}),
      },
    ]),
  );
}

/** The first package that lists a program; `base` comes first. */
function packagesByProgram(table: ProgramsByPackage): Map<string, string> {
  const packages = new Map<string, string>();
  for (const [name, programs] of Object.entries(table)) {
    for (const program of wordsOf(programs)) {
      if (!packages.has(program)) packages.set(program, name);
    }
  }
  return packages;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/);
}
