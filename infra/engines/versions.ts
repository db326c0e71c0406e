/** The engines Holdfast is tested against; compose.yaml names the same. */
export const kafkaVersion = '4.3.1';
export const elasticsearchVersion = '9.5.0';
/** Elasticsearch 9 does not start on an older one. */
export const oldestJava = 21;
