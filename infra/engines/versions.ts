/** The engines Holdfast is tested against; compose.yaml names the same. */
export const kafkaVersion = '4.3.1';
export const elasticsearchVersion = '9.5.0';
/** Of the zip, because some repositories keep no checksum of it. */
export const elasticsearchSha256 = 'db0e275fd790f723eca7bcde96069fd6fed304ad23afdb70c8c09553dd9e8b1b';
/** Elasticsearch 9 does not start on an older one. */
export const oldestJava = 21;
