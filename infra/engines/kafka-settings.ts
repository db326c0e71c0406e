/** Who may speak to the broker, and how. The broker's own listener stays plain and on this machine. */
export interface KafkaSecurity {
  readonly protocol: 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL';
  /** With a SASL protocol. */
  readonly mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  /** Passwords by name: letters, digits, `-` and `_`; Kafka's settings have no way to quote others. */
  readonly users?: Readonly<Record<string, string>>;
  /** With SSL: a PEM file that holds the private key (PKCS 8) and after it its certificate. */
  readonly keyAndCertificatePath?: string;
}

export interface KafkaListeners {
  readonly client: number;
  readonly internal: number;
  readonly controller: number;
}

export interface KafkaSettingsOptions {
  readonly data: string;
  readonly ports: KafkaListeners;
  /** `host:port` that clients are sent to, for a proxy between; the broker's own by default. */
  readonly advertised?: string | undefined;
  readonly security?: KafkaSecurity | undefined;
  /** Further lines of server.properties, stronger than ours. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
}

type Properties = Record<string, string | number | boolean>;

/**
 * One broker keeps every copy there is; group members wait for nobody; old segments are looked at every second. A broker
 * that was killed may register again only when its last session has ended, so that one is short.
 */
const forOneBroker: Properties = {
  'process.roles': 'broker,controller',
  'node.id': 1,
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 500,
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  'group.initial.rebalance.delay.ms': 0,
  'auto.create.topics.enable': false,
  'log.cleaner.backoff.ms': 1000,
  'log.retention.check.interval.ms': 1000,
  'message.max.bytes': 9_000_000,
  'replica.fetch.max.bytes': 9_000_000,
};

const saslSettings = ({ mechanism = 'PLAIN', users = {} }: KafkaSecurity): Properties => {
  const prefix = `listener.name.client.${mechanism.toLowerCase()}.sasl.jaas.config`;
  const common = 'org.apache.kafka.common.security';
  const accounts = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  return {
    'listener.name.client.sasl.enabled.mechanisms': mechanism,
    [prefix]:
      mechanism === 'PLAIN'
        ? `${common}.plain.PlainLoginModule required ${accounts.join(' ')};`
        : `${common}.scram.ScramLoginModule required;`,
  };
};

const securitySettings = (security: KafkaSecurity): Properties => ({
  ...(security.protocol.startsWith('SASL') ? saslSettings(security) : {}),
  ...(security.keyAndCertificatePath === undefined
    ? {}
    : {
        'listener.name.client.ssl.keystore.type': 'PEM',
        'listener.name.client.ssl.keystore.location': security.keyAndCertificatePath,
      }),
});

/** Text of server.properties. */
export const kafkaSettings = ({
  data,
  ports,
  advertised,
  security,
  settings,
}: KafkaSettingsOptions): string => {
  const { client, internal, controller } = ports;
  const protocol = security?.protocol ?? 'PLAINTEXT';
  const properties: Properties = {
    ...forOneBroker,
    'log.dirs': data,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: `CLIENT://127.0.0.1:${client},INTERNAL://127.0.0.1:${internal},CONTROLLER://127.0.0.1:${controller}`,
    'advertised.listeners': `CLIENT://${advertised ?? `127.0.0.1:${client}`},INTERNAL://127.0.0.1:${internal}`,
    'listener.security.protocol.map': `CLIENT:${protocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    ...(security === undefined ? {} : securitySettings(security)),
    ...settings,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
};

/** Words for the storage tool that write SCRAM accounts into the new storage. */
const scramWords = ({ mechanism, users = {} }: KafkaSecurity): string[] =>
  mechanism?.startsWith('SCRAM')
    ? Object.entries(users).flatMap(([name, password]) => [
        '--add-scram',
        `${mechanism}=[name=${name},password=${password}]`,
      ])
    : [];

/** Words that make new storage. The id in one word with its name, because one of 64 begins with a dash. */
export const formatWords = (clusterId: string, settingsPath: string, security?: KafkaSecurity): string[] => [
  'kafka.tools.StorageTool',
  'format',
  `--cluster-id=${clusterId}`,
  '--config',
  settingsPath,
  ...(security === undefined ? [] : scramWords(security)),
];
