/**
 * Modules, and whole namespaces of modules, that are written in Go alone with all that they import: a C compiler in the
 * image is not for them. Read off their repositories' go.mod and sources (no `import "C"` in a linux build without tags).
 */
const PURE_GO = `
  cloud.google.com/go go.mongodb.org go.opentelemetry.io go.uber.org golang.org/x google.golang.org gorm.io/gorm
  gorm.io/driver/postgres gorm.io/driver/mysql k8s.io modernc.org
  gopkg.in/yaml.v2 gopkg.in/yaml.v3 gopkg.in/ini.v1 gopkg.in/go-playground gopkg.in/mgo.v2 gopkg.in/redis.v5
  github.com/alecthomas/kingpin github.com/aws/aws-sdk-go github.com/aws/aws-sdk-go-v2 github.com/BurntSushi
  github.com/bwmarrin/discordgo github.com/caarlos0 github.com/cenkalti github.com/codegangsta github.com/dgrijalva
  github.com/docker/docker github.com/fatih/color github.com/fsnotify github.com/getsentry github.com/gin-contrib
  github.com/gin-gonic github.com/globalsign github.com/go-chi github.com/go-martini github.com/go-openapi
  github.com/go-playground github.com/go-redis github.com/go-sql-driver github.com/go-telegram-bot-api github.com/gofiber
  github.com/gofrs/uuid github.com/golang-jwt github.com/golang/glog github.com/golang/protobuf github.com/gomodule
  github.com/google/go-cmp github.com/google/go-github github.com/google/uuid github.com/gorilla
  github.com/grpc-ecosystem github.com/hashicorp/consul/api github.com/hashicorp/go-multierror
  github.com/hashicorp/golang-lru github.com/hashicorp/hcl github.com/hashicorp/vault/api github.com/IBM/sarama
  github.com/ilyakaznacheev github.com/jackc github.com/jmoiron github.com/joho github.com/json-iterator
  github.com/julienschmidt/httprouter github.com/kelseyhightower github.com/labstack github.com/lib/pq
  github.com/mitchellh github.com/nats-io github.com/nlopes github.com/olekukonko github.com/opentracing
  github.com/patrickmn github.com/pkg/errors github.com/prometheus/client_golang github.com/prometheus/common
  github.com/PuerkitoBio github.com/rabbitmq github.com/redis/go-redis github.com/robfig github.com/rs github.com/samber
  github.com/satori github.com/segmentio/kafka-go github.com/Shopify/sarama github.com/shopspring github.com/sirupsen
  github.com/slack-go github.com/spf13 github.com/streadway github.com/stretchr github.com/swaggo github.com/tidwall
  github.com/uber-go github.com/unrolled github.com/urfave github.com/valyala`
  .trim()
  .split(/\s+/);

/** @example isPureGo("github.com/gorilla/mux") */
export function isPureGo(importPath: string): boolean {
  return PURE_GO.some((module) => importPath === module || importPath.startsWith(`${module}/`));
}
