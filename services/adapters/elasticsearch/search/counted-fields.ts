import type { ElasticsearchDocument, IndexDocument } from '../../../../schemas/archive/index-document.ts';
import type { Item } from '../../../../schemas/archive/item.ts';

/** What a stored document has besides the `IndexDocument`: every writer adds it, every reader leaves it out. */
export const countedFieldsOf = ({ item }: IndexDocument): Pick<ElasticsearchDocument, 'kind' | 'sender'> => {
  const { kind, versions } = JSON.parse(item) as Item;
  return { kind, sender: JSON.stringify(versions[0]?.author.address ?? '') };
};
